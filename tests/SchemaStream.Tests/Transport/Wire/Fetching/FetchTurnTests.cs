using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Fetching;
using static SchemaStream.Tests.Transport.Wire.Fetching.WireBatches;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>What is asked of a broker that still waits for records to answer an earlier request with.</summary>
public sealed class FetchTurnTests
{
    private readonly FetchStateFixture _fixture = new(partitions: 2);
    private readonly FetchTurn _first = new(1);

    public FetchTurnTests()
    {
        foreach (var partition in _fixture.Partitions)
        {
            _fixture.State.Add(partition, 10);
        }
    }

    [Fact]
    public void PartitionThatGoesElsewhere_IsAskedForAtOnce_OverAnotherConnection()
    {
        Ask(_first).ShouldBe([(0, 10), (1, 10)], ignoreOrder: true);

        Seek(0, 3);

        Second().ShouldNotBeSameAs(_first);
        Ask(Second()).ShouldBe([(0, 3)]);
        Second().Request.MaxWaitMs.ShouldBe(20);
        Answer(Second(), Data(0, Batch(3, 2)));
        _fixture.Read().ShouldHaveSingleItem().Offset.ShouldBe(3);
    }

    [Fact]
    public void RequestLeftBehind_GivesWhatItGets_AndTheOtherAsksOnForAll()
    {
        Ask(_first);
        Seek(0, 3);
        Ask(Second());

        Answer(_first, Data(0, Batch(10, 1)), Data(1, Batch(10, 4)));

        _fixture.Read().ShouldHaveSingleItem().Bytes.ShouldBe(Batch(10, 4).Length, "what partition 0 had there is void");
        Ask(_first).ShouldBeEmpty("the other asks by now");
        Answer(Second(), Data(0, []));
        Ask(Second()).ShouldBe([(0, 3), (1, 14)], ignoreOrder: true);
        Second().Request.MaxWaitMs.ShouldBe((int)_fixture.Settings.MaxWait.TotalMilliseconds);
    }

    [Fact]
    public void SecondRequest_IsLeftBehindForTheFirst_OnceThatIsBack()
    {
        Ask(_first);
        Seek(0, 3);
        Ask(Second());
        Seek(1, 4);
        _first.Choose().ShouldBeNull("both are out, one of them for a moment");
        Answer(_first, Data(0, []));
        Answer(Second(), Data(0, []));
        Ask(Second()).ShouldBe([(0, 3), (1, 4)], ignoreOrder: true);

        Seek(1, 5);

        _first.Choose().ShouldBeSameAs(_first);
        Ask(_first).ShouldBe([(1, 5)]);
    }

    [Fact]
    public void RequestThatComesBackSoon_IsNotLeftBehind()
    {
        Ask(_first);
        _first.Request.MaxWaitMs = 20;
        Seek(0, 3);

        _first.Choose().ShouldBeNull();
    }

    [Fact]
    public void PauseThatTheBrokerAsksFor_IsNotGotAround()
    {
        Ask(_first);
        _first.Response.ThrottleTimeMs = 1000;
        Answer(_first, Data(0, Batch(10, 1)), Data(1, []));
        _first.Choose().ShouldBeNull();

        Seek(0, 3);
        _first.Choose().ShouldBeNull();
        Ask(_first).ShouldBe([(0, 3), (1, 10)], ignoreOrder: true);
    }

    [Fact]
    public void PauseAfterARequestLeftBehind_IsWaitedForByThatAlone()
    {
        Ask(_first);
        Seek(0, 3);
        Ask(Second());
        _first.Response.ThrottleTimeMs = 1000;
        Answer(_first, Data(1, []));

        _first.Choose().ShouldBeNull();
        Answer(Second(), Data(0, []));
        _first.Choose().ShouldBeSameAs(Second());
        Ask(Second()).ShouldBe([(0, 3), (1, 10)], ignoreOrder: true);
    }

    [Fact]
    public void ConnectionThatBreaks_LeavesTheOtherToAsk()
    {
        Ask(_first);
        Seek(0, 3);
        Ask(Second());

        _fixture.State.OnNodeFailed(_first, _fixture.NowMs);
        Answer(Second(), Data(0, []));
        _fixture.Lead(1, epoch: 5);
        _fixture.Wait();

        Ask(Second()).ShouldBe([(0, 3), (1, 10)], ignoreOrder: true);
    }

    private FetchTurn Second()
    {
        _first.Choose();
        return _first.Other.ShouldNotBeNull();
    }

    private List<(int Partition, long Offset)> Ask(FetchTurn turn) => _fixture.State.TryFill(turn, 16, _fixture.NowMs)
        ? turn.Request.Topics[0].Partitions.ConvertAll(asked => (asked.Partition, asked.FetchOffset))
        : [];

    private void Answer(FetchTurn turn, params FetchResponse.PartitionData[] answers)
    {
        turn.Response.Responses.Clear();
        turn.Response.Responses.Add(new() { TopicId = FetchStateFixture.TopicId, Partitions = [.. answers] });
        _fixture.State.OnResponse(turn, default, () => { }, _fixture.NowMs);
        turn.Response.ThrottleTimeMs = 0;
    }

    private void Seek(int partition, long offset)
    {
        var assigned = _fixture.Partitions[partition];
        assigned.TryBeginSeek(offset, out var generation).ShouldBeTrue();
        _fixture.State.Seek(assigned, generation, offset).ShouldBeTrue();
    }

    private static FetchResponse.PartitionData Data(int partition, byte[] records) => new()
    {
        PartitionIndex = partition, HighWatermark = 1000, LastStableOffset = 1000, Records = records,
    };
}
