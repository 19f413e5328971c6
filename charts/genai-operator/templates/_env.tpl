{{/* The operator's environment: everything that operator/src/config.ts reads. */}}
{{- define "genai-operator.env" -}}
- name: LOG_LEVEL
  value: {{ .Values.logLevel }}
- name: WATCH_NAMESPACES
  value: {{ include "genai-operator.watchNamespaces" . | quote }}
- name: DEFAULT_IMAGE_REGISTRY
  value: {{ default .Values.image.registry .Values.platform.imageRegistry }}
- name: PLATFORM_VERSION
  value: {{ default .Chart.AppVersion .Values.platform.version | quote }}
- name: HEALTH_PORT
  value: '8080'
- name: LEADER_ELECTION_ENABLED
  value: {{ .Values.leaderElection.enabled | quote }}
- name: LEADER_ELECTION_LEASE_NAME
  value: {{ include "genai-operator.fullname" . }}
- name: LEADER_ELECTION_LEASE_DURATION_SECONDS
  value: {{ .Values.leaderElection.leaseDurationSeconds | quote }}
- name: LEADER_ELECTION_RENEW_DEADLINE_SECONDS
  value: {{ .Values.leaderElection.renewDeadlineSeconds | quote }}
- name: LEADER_ELECTION_RETRY_PERIOD_SECONDS
  value: {{ .Values.leaderElection.retryPeriodSeconds | quote }}
{{- with .Values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . }}
{{- end }}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- end }}
