using Microsoft.Extensions.Logging;
using SchemaStream.Transport;

namespace SchemaStream.Consuming;

/// <summary>Fetching again what was given back.</summary>
internal static class Rewinding
{
    /// <summary>Begins to fetch from an offset again; no one waits, for nothing else of the partition is handed out until then.</summary>
    /// <param name="transport">Fetches.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="generation">The generation of what is fetched again.</param>
    /// <param name="offset">From where.</param>
    /// <param name="logger">Where a refusal is logged.</param>
    public static void RewindInBackground(
        this IConsumerTransport transport, AssignedPartition partition, int generation, long offset, ILogger logger) =>
        _ = WatchAsync(transport.SeekAsync(partition, generation, offset), partition, logger);

    private static async Task WatchAsync(Task seek, AssignedPartition partition, ILogger logger)
    {
        try
        {
            await seek.ConfigureAwait(false);
        }
        catch (BrokerException refusal)
        {
            logger.RewindFailed(partition.Name.Topic, partition.Name.Partition, refusal);
        }
        catch (ObjectDisposedException)
        {
            // The consumer has closed meanwhile: no one reads on.
        }
    }
}
