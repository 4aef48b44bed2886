using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;

namespace SchemaStream.Broker.Server.Quotas;

/// <summary>The quotas of the client whose request is served, in one line each for the handlers that carry the data.</summary>
internal static class RequestQuotas
{
    /// <summary>Counts the request's bytes. To be called before the handler's first wait, while the request is there.</summary>
    public static void ThrottleProduce(this RequestContext context)
    {
        if (context.Table.Quotas is { } quotas)
        {
            context.Throttle(quotas.RecordProduce(context.User, context.ClientId, context.Body.Length));
        }
    }

    /// <summary>No answer is larger than what the client may fetch in all windows together.</summary>
    public static int BoundFetch(this RequestContext context, int maxBytes)
    {
        var bound = context.IsExemptFromQuotas ? -1 : context.Table.Quotas?.MaxFetchBytes(context.User, context.ClientId) ?? -1;
        return bound < 0 ? maxBytes : (int)Math.Min(maxBytes, bound);
    }

    /// <summary>
    /// Counts the answer's bytes. The answer goes out whole and the pause comes after it, where Kafka answers with nothing and
    /// reads again after the pause: the rate is the same, and nothing is read twice.
    /// </summary>
    public static void ThrottleFetch(this RequestContext context, IReadOnlyList<FetchPartitionResult> partitions)
    {
        if (!context.IsExemptFromQuotas && context.Table.Quotas is { } quotas)
        {
            long bytes = 0;
            for (var i = 0; i < partitions.Count; i++)
            {
                bytes += partitions[i].Records.Length;
            }

            context.Throttle(quotas.RecordFetch(context.User, context.ClientId, bytes));
        }
    }
}
