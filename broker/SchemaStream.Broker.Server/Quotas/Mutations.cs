using SchemaStream.Broker.Server.Dispatch;

namespace SchemaStream.Broker.Server.Quotas;

/// <summary>The controller mutation quota for the requests that create and delete partitions.</summary>
internal static class Mutations
{
    public const string Message = "The throttling quota has been exceeded.";

    /// <summary>What the controller refuses whatever the quota is: more in one request than it takes.</summary>
    private const int MostPartitions = 10_000;

    /// <summary>
    /// Takes what the client may not do now out of the list, with the answer to it. Older clients do not know the error: they
    /// may, and pause afterwards.
    /// </summary>
    /// <param name="items">In order; what stays is to be done.</param>
    /// <param name="context">Of the client's request.</param>
    /// <param name="firstStrictVersion">The version from which on the error is known.</param>
    /// <param name="partitionsOf">How many partitions it creates or deletes; none where it will be refused anyway.</param>
    /// <param name="refuse">The answer.</param>
    public static List<TAnswer> TakeOut<TItem, TAnswer>(
        List<TItem> items, RequestContext context, short firstStrictVersion, Func<TItem, int> partitionsOf, Func<TItem, TAnswer> refuse)
    {
        var refused = new List<TAnswer>();
        if (context.Table.Quotas is not { } quotas)
        {
            return refused;
        }

        var quota = quotas.Mutations(context.User, context.ClientId, context.ApiVersion >= firstStrictVersion);
        items.RemoveAll(item =>
        {
            var partitions = partitionsOf(item);
            if (partitions is <= 0 or > MostPartitions || quota.TryTake(partitions))
            {
                return false;
            }

            refused.Add(refuse(item));
            return true;
        });
        context.Throttle(quota.Pause);
        return refused;
    }
}
