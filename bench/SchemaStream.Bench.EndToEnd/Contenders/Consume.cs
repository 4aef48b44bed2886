using Confluent.Kafka;

namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>Typed records, one by one, through the SDK.</summary>
/// <remarks>
/// Like those below it reads the whole topic in each turn, from its beginning: what one fetched ahead would be done in
/// another's turn.
/// </remarks>
internal sealed class SdkConsume(ITopicConsumer<string, Reading> consumer) : IContender
{
    private readonly IAsyncEnumerator<ConsumedRecord<string, Reading>> _records = consumer.ReadAllAsync().GetAsyncEnumerator();
    private bool _hasRead;

    public async Task MoveAsync(int count)
    {
        if (_hasRead)
        {
            await consumer.SeekAsync(consumer.Assignment[0], PartitionOffset.Beginning);
        }

        _hasRead = true;
        while (count-- > 0)
        {
            await _records.MoveNextAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        await consumer.DisposeAsync();
    }
}

/// <summary>Byte arrays, one by one, through Confluent.Kafka's <c>Consume</c>.</summary>
internal sealed class ConfluentConsume : IContender
{
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly string _topic;
    private bool _hasRead;

    public ConfluentConsume(string servers, string topic)
    {
        _topic = topic;
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers, GroupId = "confluent", AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        }).Build();
        _consumer.Subscribe(topic);
    }

    public Task MoveAsync(int count)
    {
        if (_hasRead)
        {
            _consumer.Seek(new TopicPartitionOffset(_topic, 0, Offset.Beginning));
        }

        _hasRead = true;
        while (count > 0)
        {
            if (_consumer.Consume(1000) is not null)
            {
                count--;
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _consumer.Close();
        _consumer.Dispose();
        return ValueTask.CompletedTask;
    }
}
