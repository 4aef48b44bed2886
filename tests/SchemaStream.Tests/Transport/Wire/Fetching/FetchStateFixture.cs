using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>A state machine, a clock that is a number, and brokers that answer as they are told.</summary>
internal sealed class FetchStateFixture
{
    public static readonly Guid TopicId = new("11111111-2222-3333-4444-555555555555");

    private readonly Dictionary<int, FetchTurn> _turns = [];

    public FetchStateFixture(FetchSettings? settings = null, int partitions = 1)
    {
        Settings = settings ?? new FetchSettings { Reset = PartitionOffset.Beginning };
        State = new FetchState("notes", Settings) { Told = (error, _) => Told.Add(error) };
        Partitions = [.. Enumerable.Range(0, partitions).Select(index => new AssignedPartition("notes", index))];
        Lead(1, epoch: 5);
    }

    public FetchSettings Settings { get; }

    public FetchState State { get; }

    public List<ErrorCode> Told { get; } = [];

    public IReadOnlyList<AssignedPartition> Partitions { get; }

    public long NowMs { get; set; } = 1_000_000;

    public short Version { get; set; } = 16;

    /// <summary>The brokers say who leads all partitions.</summary>
    public void Lead(int node, int epoch) => State.OnLayout(
        new TopicLayout(ErrorCode.None, TopicId, [.. Partitions.Select(partition => new PartitionLeader(partition.Name.Partition, node, epoch))]),
        NowMs);

    /// <summary>The partitions and offsets that a broker is asked for now; empty when it is not asked.</summary>
    public List<(int Partition, long Offset)> Ask(int node = 1)
    {
        var turn = _turns[node] = new FetchTurn(node);
        return State.TryFill(turn, Version, NowMs)
            ? turn.Request.Topics[0].Partitions.ConvertAll(asked => (asked.Partition, asked.FetchOffset))
            : [];
    }

    public FetchRequest RequestTo(int node = 1) => _turns[node].Request;

    /// <summary>The broker answers with records.</summary>
    public void Answer(byte[] records, long highWatermark = 1000, int partition = 0, int node = 1) => Answer(node, new FetchResponse.PartitionData
    {
        PartitionIndex = partition, HighWatermark = highWatermark, LastStableOffset = highWatermark, Records = records,
    });

    public void Refuse(ErrorCode error, int node = 1, Action<FetchResponse.PartitionData>? change = null)
    {
        var answer = new FetchResponse.PartitionData { ErrorCode = error };
        change?.Invoke(answer);
        Answer(node, answer);
    }

    public void Answer(int node, params FetchResponse.PartitionData[] answers)
    {
        var turn = _turns[node];
        turn.Response.Responses.Clear();
        turn.Response.Responses.Add(new() { Topic = turn.IsById ? "" : "notes", TopicId = turn.IsById ? TopicId : Guid.Empty, Partitions = [.. answers] });
        turn.Check();
        State.OnResponse(turn, default, () => { }, NowMs);
    }

    public void Break(int node = 1) => State.OnNodeFailed(_turns[node], NowMs);

    public void Wait() => NowMs += (long)Settings.ErrorBackoff.TotalMilliseconds;

    /// <summary>The one partition that needs something, whose answer is to be given.</summary>
    public PartitionCursor Chore(PartitionCursor.Stage stage) => State.TakeChores(stage, NowMs).ShouldHaveSingleItem();

    /// <summary>What the reader takes now, and is through with.</summary>
    public List<(long Offset, bool IsEnd, int Bytes)> Read()
    {
        var taken = new List<(long, bool, int)>();
        while (State.TryTake(out var records))
        {
            taken.Add((records.Offset, records.IsEnd, records.Bytes.Length));
            State.OnRead(records);
            records.Memory?.LetGo();
        }

        return taken;
    }
}
