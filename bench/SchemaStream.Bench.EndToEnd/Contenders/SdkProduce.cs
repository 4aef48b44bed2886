namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>Typed records, fire-and-forget, through the SDK.</summary>
internal sealed class SdkProduce(ITopicProducer<string, Reading> producer, Reading[] readings, RecordHeaders? headers) : IContender
{
    private const string Key = "machine";

    public async Task MoveAsync(int count)
    {
        var options = new RecordOptions { Headers = headers };
        for (var n = 0; n < count; n++)
        {
            var accepted = producer.EnqueueAsync(Key, readings[n % readings.Length], options);
            if (!accepted.IsCompletedSuccessfully)
            {
                await accepted;
            }
        }

        await producer.FlushAsync();
    }

    public ValueTask DisposeAsync() => producer.DisposeAsync();
}
