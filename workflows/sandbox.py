"""The sandbox of the definitions: what decodes their payloads comes from outside it, so that types stay themselves."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

# Loaded inside, msgspec would meet the sandbox's stand-in for `datetime.date` and refuse every struct that holds one.
PASSED_THROUGH = ("msgspec", "workflows.codec", "workflows.contracts")

RUNNER = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
