namespace SchemaStream.Tests.Consuming;

/// <summary>Reading as tests do it: a known number of records, within a limit.</summary>
internal static class ReadingExtensions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The next records, as many as asked for; fewer if the consumer is closed meanwhile.</summary>
    public static async Task<List<ConsumedRecord<TKey, TValue>>> TakeAsync<TKey, TValue>(
        this ITopicConsumer<TKey, TValue> consumer, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var records = new List<ConsumedRecord<TKey, TValue>>();
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            records.Add(record);
            if (records.Count == count)
            {
                break;
            }
        }

        return records;
    }
}
