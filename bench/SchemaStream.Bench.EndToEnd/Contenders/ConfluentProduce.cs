using System.Text;
using Confluent.Kafka;
using SchemaStream.Bench.Load;

namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>Byte arrays through Confluent.Kafka's <c>Produce</c> with a delivery handler.</summary>
internal sealed class ConfluentProduce : IContender
{
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly string _topic;
    private readonly byte[] _value;
    private readonly Headers? _headers;
    private readonly byte[] _key = "machine"u8.ToArray();
    private long _left;
    private TaskCompletionSource _done = new();

    public ConfluentProduce(IReadOnlyDictionary<string, string> settings, string topic, byte[] value, RecordHeaders? headers)
    {
        _producer = new ProducerBuilder<byte[], byte[]>(settings).Build();
        _topic = topic;
        _value = value;
        if (headers is not null)
        {
            _headers = [];
            foreach (var header in headers)
            {
                _headers.Add(header.Name, Encoding.UTF8.GetBytes(header.AsText()!));
            }
        }
    }

    public Task MoveAsync(int count)
    {
        _left = count;
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var n = 0; n < count; n++)
        {
            while (true)
            {
                try
                {
                    _producer.Produce(_topic, new Message<byte[], byte[]> { Key = _key, Value = _value, Headers = _headers }, Delivered);
                    break;
                }
                catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
                {
                    Pause.Briefly();
                }
            }
        }

        return _done.Task;
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Delivered(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
        {
            _done.TrySetException(new KafkaException(report.Error));
        }
        else if (Interlocked.Decrement(ref _left) == 0)
        {
            _done.TrySetResult();
        }
    }
}
