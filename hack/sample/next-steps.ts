/** What somebody who has just brought a platform up wants to know. */
export interface Sample {
  readonly name: string;
  readonly namespace: string;
  readonly gatewayUrl: string;
  readonly kubeconfig: string;
  readonly logsDir: string;
  /** The part of the cluster's name that `--name` gave; undefined for the checkout's own cluster. */
  readonly clusterName: string | undefined;
}

const chat = JSON.stringify({
  model: 'smollm2-135m-instruct',
  messages: [{ role: 'user', content: 'What colour is the sky?' }],
});

/** Where things are, and commands to try, each a line that can be copied. */
export function nextSteps({ name, namespace, gatewayUrl, kubeconfig, logsDir, clusterName }: Sample): string {
  const secret = `hack/kubectl -n ${namespace} get secret ${name}-bootstrap-admin`;
  // hack/kubectl finds the checkout's own cluster by itself.
  const choose = clusterName === undefined ? '' : `\n  export KUBECONFIG=${kubeconfig}`;
  return `  Gateway      ${gatewayUrl}
  API          ${gatewayUrl}/docs
  Kubeconfig   ${kubeconfig}
  Logs         ${logsDir}

Try next:${choose}
  hack/kubectl get genaiplatforms -A
  hack/kubectl -n ${namespace} describe genaiplatform ${name}
  KEY=$(${secret} -o jsonpath='{.data.api-key}' | base64 -d)
  curl -H "Authorization: Bearer $KEY" ${gatewayUrl}/v1/services
  curl -H "Authorization: Bearer $KEY" -F to=html -F file=@README.md ${gatewayUrl}/v1/convert
  curl -H "Authorization: Bearer $KEY" -H 'content-type: application/json' -d '${chat}' ${gatewayUrl}/v1/chat/completions
  hack/kubectl -n ${namespace} patch genaiplatform ${name} --type merge -p '{"spec":{"gateway":{"replicas":2}}}'
  hack/down${clusterName === undefined ? '' : ` --name ${clusterName}`}`;
}
