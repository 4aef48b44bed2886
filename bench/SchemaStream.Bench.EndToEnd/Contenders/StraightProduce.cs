using System.Runtime.InteropServices;
using System.Text;
using SchemaStream.Bench.Load;

namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>Bytes that are ready, in batches (or, with headers, one call each) straight into librdkafka; reports in batches.</summary>
internal sealed unsafe class StraightProduce : IContender
{
    private const int BatchSize = 256;
    private const int ReportsAtOnce = 1024;

    private readonly nint _client;
    private readonly nint _topic;
    private readonly nint _queue;
    private readonly Native.Message* _messages = (Native.Message*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(Native.Message));
    private readonly Native.Argument* _arguments;
    private readonly int _argumentCount;
    private readonly Thread _reports;
    private readonly byte* _value;
    private readonly byte* _key;
    private readonly int _valueLength;
    private readonly int _keyLength;
    private long _delivered;
    private volatile bool _ending;

    public StraightProduce(IReadOnlyDictionary<string, string> settings, string topic, byte[] value, RecordHeaders? headers)
    {
        var configuration = Native.ConfigurationNew();
        foreach (var (name, setting) in settings)
        {
            if (Native.ConfigurationSet(configuration, name, setting, 0, 0) != 0)
            {
                throw new ArgumentException($"{name}={setting}", nameof(settings));
            }
        }

        Native.ConfigurationSetEvents(configuration, 1);
        _client = Native.New(0, configuration, 0, 0);
        _topic = Native.TopicNew(_client, topic, 0);
        _queue = Native.QueueGetMain(_client);
        (var valueBytes, _valueLength) = Keep(value);
        (var keyBytes, _keyLength) = Keep("machine"u8);
        _value = (byte*)valueBytes;
        _key = (byte*)keyBytes;
        for (var index = 0; index < BatchSize; index++)
        {
            _messages[index] = new Native.Message
            {
                Payload = _value, Length = (nuint)_valueLength, Key = _key, KeyLength = (nuint)_keyLength,
            };
        }

        if (headers is not null)
        {
            _arguments = (Native.Argument*)NativeMemory.AllocZeroed((nuint)(5 + headers.Count), (nuint)sizeof(Native.Argument));
            _arguments[_argumentCount++] = new() { Kind = 2, Pointer = (void*)_topic };
            _arguments[_argumentCount++] = new() { Kind = 3, Int32 = -1 };
            _arguments[_argumentCount++] = new() { Kind = 7, Int32 = Native.FlagCopy };
            _arguments[_argumentCount++] = new() { Kind = 4, Pointer = _value, Second = _valueLength };
            _arguments[_argumentCount++] = new() { Kind = 5, Pointer = _key, Second = _keyLength };
            foreach (var header in headers)
            {
                var (bytes, length) = Keep(header.Value!.Value.Span);
                _arguments[_argumentCount++] = new()
                {
                    Kind = 9, Pointer = (void*)Keep(Encoding.UTF8.GetBytes(header.Name + "\0")).Bytes, Second = bytes, Third = length,
                };
            }
        }

        _reports = new Thread(HearReports) { IsBackground = true };
        _reports.Start();
    }

    public Task MoveAsync(int count)
    {
        var end = Interlocked.Read(ref _delivered) + count;
        if (_arguments is null)
        {
            ProduceBatches(count);
        }
        else
        {
            ProduceOneByOne(count);
        }

        return Task.Run(() => SpinWait.SpinUntil(() =>
        {
            Pause.Briefly();
            return Interlocked.Read(ref _delivered) >= end;
        }));
    }

    public ValueTask DisposeAsync()
    {
        _ending = true;
        _reports.Join();
        Native.QueueDestroy(_queue);
        Native.TopicDestroy(_topic);
        Native.Destroy(_client);
        return ValueTask.CompletedTask;
    }

    private static (nint Bytes, int Length) Keep(ReadOnlySpan<byte> bytes)
    {
        var kept = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(kept, bytes.Length));
        return ((nint)kept, bytes.Length);
    }

    private void ProduceBatches(int count)
    {
        while (count > 0)
        {
            var accepted = Native.ProduceBatch(_topic, -1, Native.FlagCopy, _messages, Math.Min(count, BatchSize));
            count -= accepted;
            if (accepted == 0)
            {
                Pause.Briefly();
            }
        }
    }

    private void ProduceOneByOne(int count)
    {
        while (count > 0)
        {
            var error = Native.ProduceArguments(_client, _arguments, (nuint)_argumentCount);
            if (error == 0)
            {
                count--;
            }
            else
            {
                Native.ErrorDestroy(error);
                Pause.Briefly();
            }
        }
    }

    private void HearReports()
    {
        var messages = (Native.Message**)NativeMemory.Alloc(ReportsAtOnce, (nuint)sizeof(nint));
        while (!_ending)
        {
            var report = Native.QueuePoll(_queue, 100);
            if (report == 0)
            {
                continue;
            }

            var told = 0L;
            for (nuint count; (count = Native.EventMessages(report, messages, ReportsAtOnce)) > 0; told += (long)count)
            {
                for (nuint index = 0; index < count; index++)
                {
                    if (messages[index]->Error != 0)
                    {
                        throw new InvalidOperationException($"A record was not delivered: {messages[index]->Error}.");
                    }
                }
            }

            Native.EventDestroy(report);
            Interlocked.Add(ref _delivered, told);
        }

        NativeMemory.Free(messages);
    }
}
