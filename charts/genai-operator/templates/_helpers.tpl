{{/* Names, labels and other values that several templates share. */}}

{{- define "genai-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "genai-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "genai-operator.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "genai-operator.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "genai-operator.selectorLabels" -}}
app.kubernetes.io/name: genai-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "genai-operator.labels" -}}
{{ include "genai-operator.selectorLabels" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: genai-operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "genai-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "genai-operator.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "genai-operator.image" -}}
{{- $repository := printf "%s/%s" .Values.image.registry .Values.image.repository }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" $repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* The watched namespaces, separated by commas; empty means all of them. */}}
{{- define "genai-operator.watchNamespaces" -}}
{{- if .Values.watchNamespaces }}
{{- join "," .Values.watchNamespaces }}
{{- else if eq .Values.scope "namespace" }}
{{- .Release.Namespace }}
{{- end }}
{{- end }}
