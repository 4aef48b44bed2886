using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>One broker that leads two partitions and answers fetches as it was told before, by their offset.</summary>
internal sealed class ScriptedCluster(ManualTime? time = null) : IWireCluster
{
    /// <summary>Stands for an answer that does not come.</summary>
    private static readonly FetchResponse.PartitionData Held = new();

    private readonly Lock _lock = new();
    private readonly List<(long Offset, Func<FetchRequest, FetchResponse.PartitionData> Answer)> _script = [];
    private int _throttleMs;
    private Exception? _refusal;
    private int _closed;

    /// <summary>How often someone has connected to fetch.</summary>
    public int Connections { get; private set; }

    /// <summary>When fetches came, by the test's clock.</summary>
    public List<long> FetchedAtMs { get; } = [];

    /// <summary>The next answer with records asks for a pause.</summary>
    public void Throttle(TimeSpan pause) => Volatile.Write(ref _throttleMs, (int)pause.TotalMilliseconds);

    /// <summary>The next connection is refused.</summary>
    public void Refuse(Exception refusal) => Volatile.Write(ref _refusal, refusal);

    /// <summary>What a fetch from an offset gets, once.</summary>
    public void Answer(long offset, byte[] records, long highWatermark = 1_000_000, Action? meanwhile = null) => Add(offset, request =>
    {
        meanwhile?.Invoke();
        return new()
        {
            PartitionIndex = request.Topics[0].Partitions[0].Partition,
            HighWatermark = highWatermark,
            LastStableOffset = highWatermark,
            Records = records,
        };
    });

    /// <summary>A fetch from an offset is not answered for as long as the test runs, once: nothing comes that it waits for.</summary>
    /// <returns>Completes when it is there.</returns>
    public Task Hold(long offset)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(offset, _ =>
        {
            held.SetResult();
            return Held;
        });
        return held.Task;
    }

    /// <summary>The connections end that there are.</summary>
    public void Close() => Volatile.Write(ref _closed, Connections);

    /// <summary>A fetch from an offset ends with its connection, once.</summary>
    public void Break(long offset, Exception broken) => Add(offset, _ => throw broken);

    public Task<TopicLayout> DescribeAsync(string topic, bool mayCreate, CancellationToken cancellationToken) => Task.FromResult(
        new TopicLayout(ErrorCode.None, Guid.Empty, [new PartitionLeader(0, 1, 0), new PartitionLeader(1, 1, 0)]));

    public Task<TResponse> AskAnyAsync<TResponse>(IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() => throw new NotSupportedException();

    public Task<TResponse> AskAsync<TResponse>(int nodeId, IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var response = new ListOffsetsResponse();
        var asked = ((ListOffsetsRequest)(object)request).Topics[0];
        response.Topics.Add(new()
        {
            Name = asked.Name,
            Partitions = asked.Partitions.ConvertAll(partition => new ListOffsetsResponse.ListOffsetsPartitionResponse
            {
                PartitionIndex = partition.PartitionIndex, Offset = 0, LeaderEpoch = 0,
            }),
        });
        return Task.FromResult((TResponse)(object)response);
    }

    public Task<IWireConnection> ConnectAsync(int nodeId, CancellationToken cancellationToken)
    {
        Connections++;
        if (Interlocked.Exchange(ref _refusal, null) is { } refusal)
        {
            throw refusal;
        }

        return Task.FromResult<IWireConnection>(new Connection(this, Connections));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Add(long offset, Func<FetchRequest, FetchResponse.PartitionData> answer)
    {
        lock (_lock)
        {
            _script.Add((offset, answer));
        }
    }

    private FetchResponse.PartitionData Next(FetchRequest request)
    {
        Func<FetchRequest, FetchResponse.PartitionData> answer;
        lock (_lock)
        {
            FetchedAtMs.Add(time?.NowMs ?? 0);
            var asked = request.Topics[0].Partitions[0];
            var found = _script.FindIndex(step => step.Offset == asked.FetchOffset);
            if (found < 0)
            {
                return new() { PartitionIndex = asked.Partition };
            }

            answer = _script[found].Answer;
            _script.RemoveAt(found);
        }

        return answer(request);
    }

    private sealed class Connection(ScriptedCluster cluster, int number) : IWireConnection
    {
        public bool IsClosed => number <= Volatile.Read(ref cluster._closed);

        public short FetchVersion => 12;

        public short ProduceVersion => throw new NotSupportedException();

        public async ValueTask<PooledResponse> FetchAsync(
            FetchRequest request, short version, FetchResponse response, CancellationToken cancellationToken)
        {
            if (IsClosed)
            {
                throw new KafkaConnectionClosedException("The connection is closed");
            }

            var answer = cluster.Next(request);
            if (ReferenceEquals(answer, Held))
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken); // for good
            }

            if (answer.Records is not { Length: > 0 })
            {
                using var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
                await turn.WaitForNextTickAsync(cancellationToken); // as a broker waits for records
            }

            response.ThrottleTimeMs = answer.Records is { Length: > 0 } ? Interlocked.Exchange(ref cluster._throttleMs, 0) : 0;
            response.Responses.Clear();
            response.Responses.Add(new() { Topic = request.Topics[0].Topic, Partitions = [answer] });
            return default;
        }

        public ValueTask<ValueTask<PooledResponse>> ProduceAsync(
            ProduceRequest request, short version, ProduceResponse response, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task ProduceUnansweredAsync(ProduceRequest request, short version, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
