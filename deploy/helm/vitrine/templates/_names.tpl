{{- define "vitrine.name" -}}
{{- printf "%s-vitrine" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "vitrine.selector" -}}
app.kubernetes.io/name: vitrine
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "vitrine.labels" -}}
{{ include "vitrine.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "vitrine.config" -}}
{{- $_ := required "config.sources names no database" .Values.config.sources -}}
{{- $http := dict "listen" "0.0.0.0:8080" "metrics" "0.0.0.0:9090" "drain" (printf "%vs" .Values.drainSeconds) -}}
{{- mergeOverwrite (deepCopy .Values.config) (dict "http" $http) | toYaml -}}
{{- end -}}
