#!/bin/sh
# Creates the namespace and the search attributes. Safe to run again; fails (and is tried again) until the server answers.
set -eu

temporal operator cluster health
temporal operator namespace describe -n default >/dev/null 2>&1 || temporal operator namespace create -n default --retention 90d
temporal operator namespace update -n default --retention 90d

attribute() {
  temporal operator search-attribute list -n default | grep -qw "$1" || temporal operator search-attribute create -n default --name "$1" --type "$2"
}

for name in IncidentId IncidentSeverity IncidentPhase IncidentClock IncidentWaitingFor IncidentOwner IncidentContainment IncidentAccount IncidentTicket; do
  attribute "$name" Keyword
done
for name in IncidentPrincipals IncidentBreachedSteps; do attribute "$name" KeywordList; done
for name in IncidentDetectedAt IncidentNextDeadline; do attribute "$name" Datetime; done
for name in IncidentMttcAppliedSeconds IncidentMttcProvenSeconds; do attribute "$name" Int; done
