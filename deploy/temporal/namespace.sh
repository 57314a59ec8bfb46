#!/bin/sh
# Creates the namespace if it is missing. Safe to run again.
set -eu

temporal operator namespace describe --namespace "$NAMESPACE" ||
    temporal operator namespace create --namespace "$NAMESPACE" --retention 7d
