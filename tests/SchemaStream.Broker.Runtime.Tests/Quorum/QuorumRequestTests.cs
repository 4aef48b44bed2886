using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

public sealed class QuorumRequestTests
{
    private const int Stranger = 7;

    [Fact]
    public async Task Vote_IsOnDiskBeforeItIsGiven()
    {
        await using var quorum = new TestQuorum(3, timeProvider: new ManualTimeProvider());
        var node = quorum.Node(1);
        quorum.Start(node);

        var answer = await node.Driver!.VoteAsync(Vote(leaderEpoch: 5), CancellationToken.None);

        answer.VoteGranted.ShouldBeTrue();
        await quorum.CrashAsync(node, new Random(1));
        QuorumStateFile.Read(node.Disk.Directory("data/__cluster_metadata-0")).ShouldBe(new(5, new(2), null));
        quorum.Start(node);
        (await node.Driver!.VoteAsync(Vote(leaderEpoch: 5, candidate: 3), CancellationToken.None))
            .VoteGranted.ShouldBeFalse("it has voted in that epoch, whatever happened since");
    }

    [Fact]
    public async Task Vote_ThatCannotBeWritten_IsNotGiven()
    {
        await using var quorum = new TestQuorum(3, timeProvider: new ManualTimeProvider());
        var node = quorum.Node(1);
        quorum.Start(node);
        node.Disk.Fault = (operation, path) =>
            operation == DiskOperation.Flush && path.Contains("quorum-state", StringComparison.Ordinal) ? "broken" : null;

        var answer = await node.Driver!.VoteAsync(Vote(leaderEpoch: 5), CancellationToken.None);

        answer.VoteGranted.ShouldBeFalse();
        answer.ErrorCode.ShouldNotBe(ErrorCode.None);
        await node.Driver.Fault.ShouldThrowAsync<LogStorageException>();
        node.Disk.Fault = null;
    }

    [Fact]
    public async Task Requests_OfAnotherCluster_AreRefused()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1);
        var driver = quorum.Node(1).Driver!;
        const string Other = "another";

        (await driver.VoteAsync(new() { ClusterId = Other }, default)).ErrorCode.ShouldBe(ErrorCode.InconsistentClusterId);
        (await driver.BeginEpochAsync(new() { ClusterId = Other }, default)).ErrorCode.ShouldBe(ErrorCode.InconsistentClusterId);
        (await driver.EndEpochAsync(new() { ClusterId = Other }, default)).ErrorCode.ShouldBe(ErrorCode.InconsistentClusterId);
        (await driver.FetchAsync(new() { ClusterId = Other }, default)).ErrorCode.ShouldBe(ErrorCode.InconsistentClusterId);
        (await driver.FetchSnapshotAsync(new() { ClusterId = Other }, default)).ErrorCode.ShouldBe(ErrorCode.InconsistentClusterId);
        (await driver.AddVoterAsync(new() { ClusterId = Other, Listeners = [new() { Host = "h", Port = 1 }] }, default, default))
            .ErrorCode.ShouldBe(ErrorCode.InconsistentClusterId);
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(int.MaxValue, 0, 1)]
    [InlineData(0, -5, 1)]
    [InlineData(0, long.MaxValue, 1)]
    [InlineData(0, 0, -1)]
    public async Task Requests_WithNumbersThatCannotBe_HurtNobody(int epoch, long offset, int from)
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1);
        var driver = quorum.Node(1).Driver!;
        from = from < 0 ? from : Stranger;

        var fetch = new FetchQuorumLogRequest
        {
            ClusterId = TestQuorum.ClusterId, ReplicaId = from, VoterId = 1, LeaderEpoch = epoch, LastEpoch = epoch, LogEndOffset = offset,
        };
        (await driver.FetchAsync(fetch, default)).ErrorCode.ShouldNotBe(ErrorCode.UnknownServerError);
        var snapshot = new FetchQuorumSnapshotRequest
        {
            ClusterId = TestQuorum.ClusterId, ReplicaId = from, LeaderEpoch = 1, Epoch = epoch, EndOffset = offset, Position = offset,
        };
        (await driver.FetchSnapshotAsync(snapshot, default)).ErrorCode.ShouldNotBe(ErrorCode.None);
        var vote = new QuorumVoteRequest
        {
            ClusterId = TestQuorum.ClusterId, CandidateId = from, VoterId = 1, LeaderEpoch = epoch, LastEpoch = epoch, LogEndOffset = offset,
        };
        (await driver.VoteAsync(vote, default)).VoteGranted.ShouldBeFalse();

        await quorum.CommitAsync("and on it goes");
        driver.Fault.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task SecondLeaderOfOneEpoch_IsNotBelieved()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1);
        var driver = quorum.Node(1).Driver!;

        await driver.BeginEpochAsync(
            new() { ClusterId = TestQuorum.ClusterId, LeaderId = Stranger, VoterId = 1, LeaderEpoch = driver.View.LeaderEpoch }, default);

        await quorum.CommitAsync("still in office");
        driver.View.LeaderId.ShouldBe(1);
    }

    [Theory]
    [InlineData("flipped bit")]
    [InlineData("cut off")]
    [InlineData("shifted")]
    [InlineData("of a later epoch")]
    [InlineData("truncate what is committed")]
    public async Task Responses_ThatAreNotWhatALeaderSays_AreNotUsed(string kind)
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, observers: 1);
        var victim = quorum.Node(4);
        await quorum.CommitAsync("committed");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        var spoilt = 0;
        quorum.Network.Tamper = (_, response) =>
        {
            if (response is FetchQuorumLogResponse { ErrorCode: ErrorCode.None } fetch && Volatile.Read(ref spoilt) < 3 && Spoil(fetch, kind))
            {
                Interlocked.Increment(ref spoilt);
            }

            return response;
        };

        for (var i = 0; Volatile.Read(ref spoilt) < 3; i++)
        {
            i.ShouldBeLessThan(100);
            await quorum.CommitAsync($"record-{i}");
        }

        quorum.Network.Tamper = null;
        await quorum.CommitAsync("last");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        quorum.Nodes.ShouldAllBe(node => !node.Driver!.Fault.IsCompleted);
        victim.Machine.Names[0].ShouldBe("committed");
    }

    private static bool Spoil(FetchQuorumLogResponse response, string kind)
    {
        if (kind == "truncate what is committed")
        {
            response.Records = null;
            response.DivergingEpoch = new() { Epoch = 0, EndOffset = 0 };
            return true;
        }

        if (response.Records is not { Length: > 0 } records)
        {
            return false;
        }

        var bytes = records.ToArray();
        switch (kind)
        {
            case "flipped bit":
                bytes[^1] ^= 1;
                break;
            case "cut off":
                bytes = bytes[..^3];
                break;
            case "shifted":
                bytes[7]++; // the base offset, which no checksum covers
                break;
            case "of a later epoch":
                bytes[12] = 0x70; // the leader epoch, which no checksum covers
                break;
        }

        response.Records = bytes;
        return true;
    }

    private static QuorumVoteRequest Vote(int leaderEpoch, int candidate = 2) => new()
    {
        ClusterId = TestQuorum.ClusterId,
        CandidateId = candidate,
        VoterId = 1,
        LeaderEpoch = leaderEpoch,
    };
}
