{{/*
The operator's rights, exactly: a test runs the operator with these and compares them with the API server's audit log,
so that neither a missing nor a superfluous verb stays.
*/}}
{{- define "genai-operator.rules" -}}
# What it reconciles: it writes the finalizer and the status, never the spec.
- apiGroups: [genaiplatform.io]
  resources: [genaiplatforms]
  verbs: [get, list, watch, patch]
- apiGroups: [genaiplatform.io]
  resources: [genaiplatforms/status]
  verbs: [patch]
# What a platform consists of. Server-side apply is `patch`, and `create` where the object is new; `get` makes sure
# beforehand that a new object takes nobody's place.
- apiGroups: ['']
  resources: [configmaps, services, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments, statefulsets, controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies, ingresses]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [external-secrets.io]
  resources: [externalsecrets]
  verbs: [get, list, watch, create, patch, delete]
# Data and its keys: deleted only under `deletionPolicy: Delete`.
- apiGroups: ['']
  resources: [secrets, persistentvolumeclaims]
  verbs: [get, list, watch, create, patch, delete]
# The last state of the data, under `deletionPolicy: Snapshot`; never deleted.
- apiGroups: [snapshot.storage.k8s.io]
  resources: [volumesnapshots]
  verbs: [get, list, watch, create, patch]
# Why a workload does not start, in the words of its pods. Deleted is only a pod of a StatefulSet that cannot start and
# that the StatefulSet would wait for before it replaces it.
- apiGroups: ['']
  resources: [pods]
  verbs: [list, watch, delete]
- apiGroups: ['']
  resources: [pods/log]
  verbs: [get]
- apiGroups: ['']
  resources: [events]
  verbs: [list]
# What happened, told where `kubectl describe` shows it.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{/* Rights in the operator's own namespace, for the election of the one replica that works. */}}
{{- define "genai-operator.leaderElectionRules" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "genai-operator.fullname" . }}]
  verbs: [get, update]
{{- end }}

{{- define "genai-operator.subject" -}}
- kind: ServiceAccount
  name: {{ include "genai-operator.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
