using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// SaslHandshake v0–1: on a listener without authentication the time for it is over, as on Kafka's; no mechanism is offered.
internal sealed class SaslHandshakeHandler : ApiHandler<SaslHandshakeRequest, SaslHandshakeResponse>
{
    protected override ValueTask<SaslHandshakeResponse?> HandleAsync(SaslHandshakeRequest request, RequestContext context) =>
        ValueTask.FromResult<SaslHandshakeResponse?>(new() { ErrorCode = ErrorCode.IllegalSaslState });
}
