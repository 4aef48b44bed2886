using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// SaslAuthenticate v0–2: as SaslHandshake, with words.
internal sealed class SaslAuthenticateHandler : ApiHandler<SaslAuthenticateRequest, SaslAuthenticateResponse>
{
    protected override ValueTask<SaslAuthenticateResponse?> HandleAsync(SaslAuthenticateRequest request, RequestContext context) =>
        ValueTask.FromResult<SaslAuthenticateResponse?>(new()
        {
            ErrorCode = ErrorCode.IllegalSaslState,
            ErrorMessage = "SaslAuthenticate request received on a listener without authentication.",
            AuthBytes = ReadOnlyMemory<byte>.Empty,
        });
}
