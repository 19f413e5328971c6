{{- define "genai-platform.name" -}}
{{- default .Release.Name .Values.name }}
{{- end }}
