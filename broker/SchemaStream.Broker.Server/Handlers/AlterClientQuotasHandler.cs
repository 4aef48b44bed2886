using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// AlterClientQuotas v0–1: sets and removes quotas, all of an entity's or none. Errors are per entity, with words.
internal sealed class AlterClientQuotasHandler(IMetadataAccess metadata)
    : ApiHandler<AlterClientQuotasRequest, AlterClientQuotasResponse>
{
    // The requests carry no time limit; this is the admin clients' own default.
    private const int TimeoutMs = 30_000;

    protected override async ValueTask<AlterClientQuotasResponse?> HandleAsync(AlterClientQuotasRequest request, RequestContext context)
    {
        var command = new AlterClientQuotasCommand(
            request.Entries.ConvertAll(entry => new ClientQuotaAlteration(
                entry.Entity.ConvertAll(part => new QuotaEntityPart(part.EntityType, part.EntityName)),
                entry.Ops.ConvertAll(op => new QuotaChange(op.Key, op.Remove ? null : op.Value)))),
            request.ValidateOnly);
        var reply = await metadata.SubmitAsync(command, TimeoutMs, context).ConfigureAwait(false);
        var response = new AlterClientQuotasResponse();
        for (var i = 0; i < request.Entries.Count; i++)
        {
            response.Entries.Add(new()
            {
                ErrorCode = reply.Entities[i].ErrorCode,
                ErrorMessage = reply.Entities[i].ErrorMessage,
                Entity = request.Entries[i].Entity.ConvertAll(part => new AlterClientQuotasResponse.EntityData
                {
                    EntityType = part.EntityType,
                    EntityName = part.EntityName,
                }),
            });
        }

        return response;
    }
}
