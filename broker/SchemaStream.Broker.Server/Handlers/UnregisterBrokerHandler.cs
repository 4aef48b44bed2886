using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// UnregisterBroker v0: a broker is gone for good, and the cluster forgets it.
internal sealed class UnregisterBrokerHandler(IMetadataAccess metadata) : ApiHandler<UnregisterBrokerRequest, UnregisterBrokerResponse>
{
    // The request carries no time limit; this is the admin clients' own default.
    private const int TimeoutMs = 30_000;

    protected override async ValueTask<UnregisterBrokerResponse?> HandleAsync(UnregisterBrokerRequest request, RequestContext context)
    {
        var command = new UnregisterBrokerCommand(request.BrokerId);
        var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
        return new UnregisterBrokerResponse { ErrorCode = reply.ErrorCode, ErrorMessage = reply.ErrorMessage };
    }
}
