using SchemaStream.Protocol.Messages;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Fetching;
using static SchemaStream.Tests.Transport.Wire.Fetching.WireBatches;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>Two turns to one broker, taken as the loops take them, in any order that chance has.</summary>
public sealed class FetchTurnWalkTests
{
    private const int Steps = 2_000;

    private readonly FetchStateFixture _fixture = new(partitions: 3);
    private readonly FetchTurn _first = new(1);
    private readonly HashSet<FetchTurn> _waking = [];
    private readonly HashSet<FetchTurn> _pausing = [];
    private readonly Dictionary<int, long> _next = [];

    /// <summary>Nothing is lost or comes twice, both are never out for all, and whatever is ready is asked for in the end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void EachPartition_GoesOnFromWhereItIs(int seed)
    {
        var random = new Random(seed);
        foreach (var partition in _fixture.Partitions)
        {
            _fixture.State.Add(partition, 0);
            _next[partition.Name.Partition] = 0;
        }

        for (var step = 0; step < Steps; step++)
        {
            Step(random);
            Turns().Count(turn => turn is { IsOut: true, IsLeft: false }).ShouldBeLessThanOrEqualTo(1, $"step {step}");
        }

        foreach (var partition in _fixture.Partitions)
        {
            partition.Resume(PauseReasons.Application, out _, out _);
        }

        for (var round = 0; round < 4; round++)
        {
            _fixture.Wait();
            foreach (var turn in Turns())
            {
                Answer(turn, random, mayThrottle: false);
            }

            Read();
            Wake();
            Ask();
        }

        var asked = Turns().Where(turn => turn.IsOut).SelectMany(turn => turn.Sent.Where(cursor => cursor.Turn == turn)).ToList();
        asked.Select(cursor => cursor.Index).Order().ShouldBe([0, 1, 2]);
        asked.ShouldAllBe(cursor => cursor.Offset == _next[cursor.Index]);
    }

    private void Step(Random random)
    {
        var turns = Turns();
        var turn = turns[random.Next(turns.Count)];
        var partition = _fixture.Partitions[random.Next(3)];
        switch (random.Next(12))
        {
            case 0 when turn.IsOut:
                _pausing.Remove(turn);
                _fixture.State.OnNodeFailed(turn, _fixture.NowMs);
                _fixture.Lead(1, epoch: 5);
                break;
            case 1:
                var to = random.Next(1000);
                partition.TryBeginSeek(to, out var generation).ShouldBeTrue();
                _fixture.State.Seek(partition, generation, to).ShouldBeTrue();
                _next[partition.Name.Partition] = to;
                break;
            case 2:
                partition.Pause(PauseReasons.Application);
                break;
            case 3 or 4:
                partition.Resume(PauseReasons.Application, out _, out _);
                break;
            case 5:
                _fixture.Wait();
                break;
            case 6 or 7:
                Read();
                break;
            default:
                Answer(turn, random, mayThrottle: true);
                break;
        }

        if (random.Next(3) > 0)
        {
            Wake();
        }

        if (random.Next(3) > 0)
        {
            Ask();
        }
    }

    private List<FetchTurn> Turns() => _first.Other is { } other ? [_first, other] : [_first];

    /// <summary>As the fetcher's loop does.</summary>
    private void Wake()
    {
        var nodes = new HashSet<int>();
        _fixture.State.FindNodes(nodes, _fixture.NowMs);
        if (nodes.Contains(1) && _first.Choose() is { } turn)
        {
            _waking.Add(turn);
        }
    }

    /// <summary>As the turns' own loops do once they are woken, or have got an answer.</summary>
    private void Ask()
    {
        foreach (var turn in _waking.Where(turn => !_pausing.Contains(turn) && !IsAsking(turn)).ToList())
        {
            _waking.Remove(turn);
            _fixture.State.TryFill(turn, 16, _fixture.NowMs);
        }
    }

    private bool IsAsking(FetchTurn turn) => turn.IsOut && !_pausing.Contains(turn);

    private void Answer(FetchTurn turn, Random random, bool mayThrottle)
    {
        if (_pausing.Remove(turn))
        {
            _waking.Add(turn); // its pause is over
            return;
        }

        if (!turn.IsOut)
        {
            return;
        }

        turn.Response.ThrottleTimeMs = mayThrottle && random.Next(8) == 0 ? 100 : 0;
        turn.Response.Responses.Clear();
        turn.Response.Responses.Add(new()
        {
            TopicId = FetchStateFixture.TopicId,
            Partitions = turn.Request.Topics[0].Partitions.ConvertAll(asked => new FetchResponse.PartitionData
            {
                PartitionIndex = asked.Partition,
                HighWatermark = 1_000_000,
                LastStableOffset = 1_000_000,
                Records = random.Next(2) == 0 ? Batch(asked.FetchOffset, random.Next(1, 4)) : [],
            }),
        });
        _fixture.State.OnResponse(turn, default, () => { }, _fixture.NowMs);
        if (turn.IsOut)
        {
            _pausing.Add(turn);
        }
        else
        {
            _waking.Add(turn);
        }
    }

    private void Read()
    {
        while (_fixture.State.TryTake(out var records))
        {
            var index = records.Cursor.Index;
            records.Offset.ShouldBe(_next[index], "in order, each once");
            _next[index] += records.Count;
            _fixture.State.OnRead(records);
            records.Memory?.LetGo();
        }
    }
}
