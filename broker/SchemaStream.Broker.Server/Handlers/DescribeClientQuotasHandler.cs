using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeClientQuotas v0–1: the quotas that were set for entities that match. With an error there are no entries at all.
internal sealed class DescribeClientQuotasHandler(IMetadataAccess metadata)
    : ApiHandler<DescribeClientQuotasRequest, DescribeClientQuotasResponse>
{
    protected override ValueTask<DescribeClientQuotasResponse?> HandleAsync(DescribeClientQuotasRequest request, RequestContext context)
    {
        var (filter, error, message) = ClientQuotaFilters.Of(request);
        var response = new DescribeClientQuotasResponse { ErrorCode = error, ErrorMessage = message, Entries = null };
        if (filter is not null)
        {
            response.Entries = [];
            foreach (var (entity, quotas) in metadata.Image.ClientQuotas.Entities)
            {
                if (filter.Matches(entity))
                {
                    response.Entries.Add(new()
                    {
                        Entity = [.. entity.Parts().Select(part => new DescribeClientQuotasResponse.EntityData { EntityType = part.Type, EntityName = part.Name })],
                        Values = [.. quotas.Select(quota => new DescribeClientQuotasResponse.ValueData { Key = quota.Key, Value = quota.Value })],
                    });
                }
            }
        }

        return ValueTask.FromResult<DescribeClientQuotasResponse?>(response);
    }
}
