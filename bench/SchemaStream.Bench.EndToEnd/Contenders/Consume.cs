using Confluent.Kafka;

namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>Typed records, one by one, through the SDK. The topic has enough for all rounds.</summary>
internal sealed class SdkConsume(ITopicConsumer<string, Reading> consumer) : IContender
{
    private readonly IAsyncEnumerator<ConsumedRecord<string, Reading>> _records = consumer.ReadAllAsync().GetAsyncEnumerator();

    public async Task MoveAsync(int count)
    {
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

    public ConfluentConsume(string servers, string topic)
    {
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers, GroupId = "confluent", AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        }).Build();
        _consumer.Subscribe(topic);
    }

    public Task MoveAsync(int count)
    {
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
