using System.Runtime.InteropServices;

namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>Bytes in batches straight out of librdkafka, looked at where it has put them. Without a group.</summary>
internal sealed unsafe class StraightConsume : IContender
{
    private const int BatchSize = 512;
    private const int Beginning = -2;

    private readonly Native.Message** _messages = (Native.Message**)NativeMemory.Alloc(BatchSize, (nuint)sizeof(nint));
    private readonly nint _client;
    private readonly nint _queue;
    private readonly string _topic;
    private long _bytes;

    public StraightConsume(string servers, string topic)
    {
        _topic = topic;
        var configuration = Native.ConfigurationNew();
        foreach (var (name, setting) in new[] { ("bootstrap.servers", servers), ("group.id", "straight"), ("enable.auto.commit", "false") })
        {
            if (Native.ConfigurationSet(configuration, name, setting, 0, 0) != 0)
            {
                throw new ArgumentException($"{name}={setting}", nameof(servers));
            }
        }

        _client = Native.New(1, configuration, 0, 0);
        _ = Native.PollSetConsumer(_client);
        _queue = Native.QueueGetConsumer(_client);
    }

    public Task MoveAsync(int count)
    {
        var places = Native.PlacesNew(1);
        Native.PlacesAdd(places, _topic, 0)->Offset = Beginning;
        _ = Native.Assign(_client, 0);
        _ = Native.Assign(_client, places);
        Native.PlacesDestroy(places);
        while (count > 0)
        {
            var taken = (int)Native.ConsumeBatch(_queue, 1000, _messages, (nuint)Math.Min(count, BatchSize));
            for (var index = 0; index < taken; index++)
            {
                count -= _messages[index]->Error == 0 ? 1 : 0;
                _bytes += (long)_messages[index]->Length;
                Native.MessageDestroy(_messages[index]);
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _ = Native.ConsumerClose(_client);
        Native.QueueDestroy(_queue);
        Native.Destroy(_client);
        NativeMemory.Free(_messages);
        GC.KeepAlive(_bytes);
        return ValueTask.CompletedTask;
    }
}
