using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

/// <summary>Rules of the machine that the driver rests on; the simulator knows all the others.</summary>
public sealed class QuorumRaftTests
{
    private static readonly RaftOptions Options = new();

    private static readonly NodeId Self = new(1);
    private static readonly NodeId Leader = new(2);
    private static readonly NodeId Other = new(3);
    private static readonly VoterSet Voters = new([Self, Leader, Other]);

    [Fact]
    public void Snapshot_ThatWasAskedForUnderAnotherLeader_IsNotInstalled()
    {
        var raft = NewNode();
        var asked = new EpochEnd(1, 100);
        raft.Step(new BeginEpochRequest(Leader, Self, 1), 0);
        var fetch = Sent<FetchRequest>(raft, Leader);
        raft.Step(Answer(fetch, FetchOutcome.SnapshotNeeded) with { Snapshot = asked }, 0);
        raft.TakeReady().Download.ShouldBe((Leader, asked));
        raft.Awaits(asked).ShouldBeTrue();

        raft.Step(new BeginEpochRequest(Other, Self, 2), 0);
        var next = Sent<FetchRequest>(raft, Other);
        raft.Step(Answer(next, FetchOutcome.Records) with { Batches = [new LogBatch(0, 1, 2, default)] }, 0);

        raft.Awaits(asked).ShouldBeFalse("it has acknowledged a record of the new leader's since");
        raft.InstallSnapshot(asked, Voters, 0);
        raft.LogEndOffset.ShouldBe(1);
    }

    [Fact]
    public void Start_AsksTheOthersBeforeItStands()
    {
        var raft = NewNode();

        raft.TakeReady().Messages.OfType<FetchRequest>().Select(fetch => fetch.To).ShouldBe([Leader, Other]);

        raft.Tick(Options.ElectionTimeoutMs / 8 - 1);
        raft.TakeReady().Messages.ShouldBeEmpty();
    }

    [Fact]
    public void FirstLeader_WritesDownWhoVotes_AndNoLaterOne()
    {
        var endpoint = new HostAndPort("here", 1);
        var first = new QuorumRaft(Self, Options, QuorumState.Initial, new VoterSet([]).With(Self, endpoint), null, [], new Random(1), 0);
        var batch = first.TakeReady().Log.ShouldHaveSingleItem().ShouldBeOfType<LogOperation.Append>().Batch;
        batch.Voters!.EndpointOf(Self).ShouldBe(endpoint);

        var later = new QuorumRaft(Self, Options, new QuorumState(1, Self, Self), new VoterSet([Other]), null, [batch], new Random(1), 0);

        later.IsLeader.ShouldBeTrue("the log says who votes, whatever the configuration says");
        later.TakeReady().Log.ShouldHaveSingleItem().ShouldBeOfType<LogOperation.Append>().Batch.Voters.ShouldBeNull();
    }

    [Fact]
    public void Log_ThatReachesBackBehindItsSnapshot_KeepsItsEpochs()
    {
        LogBatch[] log = [new(0, 5, 1, default), new(5, 5, 2, default), new(10, 5, 3, default)];

        var raft = new QuorumRaft(Self, Options, new QuorumState(3, null, null), Voters, new EpochEnd(2, 10), log, new Random(1), 0);

        (raft.LogStartOffset, raft.LogEndOffset, raft.HighWatermark).ShouldBe((0, 15, 10));
    }

    [Fact]
    public void Leader_ThatSaysItLeadsNoMore_IsBelieved()
    {
        var raft = NewNode();
        raft.Step(new BeginEpochRequest(Leader, Self, 1), 0);
        var fetch = Sent<FetchRequest>(raft, Leader);

        raft.Step(Answer(fetch, FetchOutcome.NotLeader) with { Leader = null }, 0);
        raft.Tick(Options.ElectionTimeoutMs / 10 + 1);

        raft.TakeReady().Messages.OfType<VoteRequest>().ShouldContain(vote => vote.IsPreVote);
    }

    [Theory]
    [InlineData(1, 1, 1)] // a gap
    [InlineData(0, 0, 1)] // no records
    [InlineData(0, 1, 9)] // of an epoch that has not begun
    public void Records_ThatDoNotFollow_AreRefusedAndTold(long baseOffset, int recordCount, int leaderEpoch)
    {
        var raft = NewNode();
        raft.Step(new BeginEpochRequest(Leader, Self, 1), 0);
        var fetch = Sent<FetchRequest>(raft, Leader);

        raft.Step(Answer(fetch, FetchOutcome.Records) with { Batches = [new LogBatch(baseOffset, recordCount, leaderEpoch, default)] }, 0);

        raft.LogEndOffset.ShouldBe(0);
        raft.TakeReady().Refusals.ShouldHaveSingleItem();
    }

    private static QuorumRaft NewNode() => new(Self, Options, QuorumState.Initial, Voters, null, [], new Random(1), 0);

    private static TMessage Sent<TMessage>(QuorumRaft raft, NodeId to)
        where TMessage : RaftMessage => raft.TakeReady().Messages.OfType<TMessage>().Last(message => message.To == to);

    private static FetchResponse Answer(FetchRequest fetch, FetchOutcome outcome) =>
        new(fetch.To, fetch.From, fetch.LeaderEpoch, fetch.To, fetch.LogEnd, 0, outcome);
}
