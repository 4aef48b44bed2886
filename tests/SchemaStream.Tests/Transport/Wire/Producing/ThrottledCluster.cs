using System.Threading.Channels;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>Two brokers, each leading one partition, that take all records and ask for pauses as they are told.</summary>
internal sealed class ThrottledCluster(ManualTime time) : IWireCluster
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _throttles = [];
    private readonly List<(int Node, long AtMs, int Records)> _requests = [];
    private readonly Channel<int> _arrivals = Channel.CreateUnbounded<int>();

    /// <summary>What has come, and when.</summary>
    public IReadOnlyList<(int Node, long AtMs, int Records)> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How many records have come.</summary>
    public int RecordCount => Requests.Sum(request => request.Records);

    /// <summary>The node of the next request, now or later.</summary>
    public async Task<int> NextAsync() => await _arrivals.Reader.ReadAsync().AsTask().WaitAsync(TestKit.TestTime.Limit);

    /// <summary>From now on a broker's answers ask for a pause.</summary>
    public void Throttle(int node, TimeSpan pause)
    {
        lock (_lock)
        {
            _throttles[node] = (int)pause.TotalMilliseconds;
        }
    }

    public Task<TopicLayout> DescribeAsync(string topic, bool mayCreate, CancellationToken cancellationToken) => Task.FromResult(
        new TopicLayout(ErrorCode.None, Guid.Empty, [new PartitionLeader(0, 1, 0), new PartitionLeader(1, 2, 0)]));

    public Task<TResponse> AskAnyAsync<TResponse>(IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() =>
        Task.FromResult((TResponse)(object)new InitProducerIdResponse { ProducerId = 7, ProducerEpoch = 0 });

    public Task<TResponse> AskAsync<TResponse>(int nodeId, IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() => throw new NotSupportedException();

    public Task<IWireConnection> ConnectAsync(int nodeId, CancellationToken cancellationToken) =>
        Task.FromResult<IWireConnection>(new Connection(this, nodeId));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private int Take(int node, ProduceRequest request)
    {
        lock (_lock)
        {
            var records = request.TopicData.SelectMany(topic => topic.PartitionData)
                .Sum(partition => new Protocol.Records.RecordBatchHeader(partition.Records!.Value.Span).RecordCount);
            _requests.Add((node, time.NowMs, records));
            _arrivals.Writer.TryWrite(node);
            return _throttles.GetValueOrDefault(node);
        }
    }

    private sealed class Connection(ThrottledCluster cluster, int node) : IWireConnection
    {
        public bool IsClosed => false;

        public short FetchVersion => throw new NotSupportedException();

        public short ProduceVersion => 9;

        public ValueTask<PooledResponse> FetchAsync(
            FetchRequest request, short version, FetchResponse response, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<ValueTask<PooledResponse>> ProduceAsync(
            ProduceRequest request, short version, ProduceResponse response, CancellationToken cancellationToken)
        {
            response.ThrottleTimeMs = cluster.Take(node, request);
            response.Responses.Clear();
            response.Responses.Add(new()
            {
                Name = request.TopicData[0].Name,
                PartitionResponses = request.TopicData[0].PartitionData.ConvertAll(
                    sent => new ProduceResponse.PartitionProduceResponse { Index = sent.Index, BaseOffset = 0 }),
            });
            return new(new ValueTask<PooledResponse>(default(PooledResponse)));
        }

        public Task ProduceUnansweredAsync(ProduceRequest request, short version, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
