using System.Collections.Immutable;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

public sealed class QuorumDriverTests
{
    private static ImmutableSortedDictionary<int, HostAndPort> Alone { get; } = ImmutableSortedDictionary<int, HostAndPort>.Empty;

    [Fact]
    public async Task Start_OfALoneVoter_IsReadyWithoutAMomentPassing()
    {
        await using var quorum = new TestQuorum(1, configure: options => options with { Voters = Alone }, timeProvider: new ManualTimeProvider());
        quorum.Start(quorum.Node(1));

        var leader = await quorum.LeaderAsync();
        await quorum.CommitAsync("first");

        leader.Machine.Names.ShouldBe(["first"]);
        leader.Driver!.View.LeaderEpoch.ShouldBe(1);
    }

    [Fact]
    public async Task Propose_IsReplayedByEveryoneInOneOrder()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, observers: 1);
        for (var i = 0; i < 20; i++)
        {
            await quorum.CommitAsync($"record-{i}");
        }

        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        quorum.Node(4).Machine.Names.ShouldBe(Enumerable.Range(0, 20).Select(i => $"record-{i}"));
    }

    [Fact]
    public async Task Restart_OfAll_KeepsWhatWasCommitted()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        await quorum.CommitAsync("before");
        var epoch = (await quorum.LeaderAsync()).Driver!.View.LeaderEpoch;
        foreach (var node in quorum.Nodes)
        {
            await quorum.StopAsync(node);
        }

        foreach (var node in quorum.Nodes)
        {
            quorum.Start(node);
        }

        await quorum.CommitAsync("after");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        quorum.Node(1).Machine.Names.ShouldBe(["before", "after"]);
        (await quorum.LeaderAsync()).Driver!.View.LeaderEpoch.ShouldBeGreaterThan(epoch);
    }

    [Fact]
    public async Task PowerLoss_OfOneAfterTheOther_LosesNothingThatWasCommitted()
    {
        var random = new Random(1);
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        var committed = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            var victim = round % 2 == 0 ? await quorum.LeaderAsync() : quorum.Node(1 + round % 3);
            await quorum.CrashAsync(victim, random);
            for (var i = 0; i < 5; i++)
            {
                committed.Add($"round-{round}-{i}");
                await quorum.CommitAsync(committed[^1]);
            }

            quorum.Start(victim);
        }

        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        quorum.Node(2).Machine.Names.Distinct().ShouldBe(committed);
    }

    [Fact]
    public async Task LeaderChange_TakesBackWhatTheOldLeaderAloneHad()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        await quorum.CommitAsync("common");
        var old = await quorum.LeaderAsync();
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        quorum.Network.Isolate(old.Id);
        (await TestQuorum.TryProposeAsync(old, "never committed")).ShouldNotBeNull();

        await quorum.LeaderAsync(node => node != old);
        await quorum.CommitAsync("by the new leader");
        quorum.Network.Heal();

        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        old.Machine.Names.ShouldBe(["common", "by the new leader"]);
        old.Machine.Views.ShouldContain(view => !view.IsLeader);
    }

    [Fact]
    public async Task Stop_OfTheLeader_HandsOverWithoutAnElectionTimeout()
    {
        // So long that only being told can make the others move.
        await using var quorum = await TestQuorum.StartAsync(voters: 3, configure: options => options with
        {
            ElectionTimeout = TimeSpan.FromMilliseconds(300),
            FetchTimeout = TimeSpan.FromMinutes(10),
        });
        await quorum.CommitAsync("before");
        var leader = await quorum.LeaderAsync();
        await quorum.CaughtUpAsync([.. quorum.Nodes]);

        await quorum.StopAsync(leader);

        await quorum.CommitAsync("after");
        leader.Machine.Views[^1].LeaderId.ShouldBeNull("the last word is that there is no leader");
    }

    [Fact]
    public async Task Kill_OfTheLeader_IsNoticedByItsClosedPort()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, configure: options => options with
        {
            ElectionTimeout = TimeSpan.FromMilliseconds(300),
            FetchTimeout = TimeSpan.FromMinutes(10),
        });
        await quorum.CommitAsync("before");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);

        await quorum.CrashAsync(await quorum.LeaderAsync(), new Random(1));

        await quorum.CommitAsync("after");
    }

    [Fact]
    public async Task Restart_OfAllAfterAPowerLoss_DoesNotWaitForTheOldLeader()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, configure: options => options with
        {
            ElectionTimeout = TimeSpan.FromMilliseconds(300),
            FetchTimeout = TimeSpan.FromMinutes(10),
        });
        await quorum.CommitAsync("before");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        foreach (var node in quorum.Nodes)
        {
            await quorum.CrashAsync(node, new Random(node.Id));
        }

        foreach (var node in quorum.Nodes)
        {
            quorum.Start(node);
        }

        await quorum.CommitAsync("after");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        quorum.Node(3).Machine.Names.ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task Disk_WhenItFails_EndsTheQuorumOfThisNode()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3);
        await quorum.CommitAsync("before");
        var leader = await quorum.LeaderAsync();
        leader.Disk.Fault = (operation, _) => operation == DiskOperation.Flush ? "broken" : null;

        await TestQuorum.TryProposeAsync(leader, "on a broken disk");

        (await leader.Driver!.Fault.ShouldThrowAsync<LogStorageException>()).Message.ShouldContain("broken");
        leader.Machine.Names.ShouldBe(["before"]);
        await quorum.LeaderAsync(node => node != leader);
        await quorum.CommitAsync("by others");
        leader.Disk.Fault = null;
    }

    [Fact]
    public async Task Directory_FromBeforeThereWasAQuorum_Opens()
    {
        await using var quorum = new TestQuorum(1, configure: options => options with { Voters = Alone });
        var node = quorum.Node(1);
        using (var data = DataDirectory.Open(node.Disk.Directory("data")))
        {
            var log = data.OpenLog(QuorumStore.Partition, QuorumStore.TopicId, QuorumStore.Config, new LogFileCache(4), 0);
            log.AppendAsLeader(QuorumBatches.Build(0, 0, RecordedMachine.Record("old"), 0), 1, 0, AppendOrigin.Coordinator)
                .Error.ShouldBe(ErrorCode.None);
            log.Close();
        }

        quorum.Start(node);

        await quorum.CommitAsync("new");
        node.Machine.Names.ShouldBe(["old", "new"]);
        node.Driver!.View.LeaderEpoch.ShouldBe(2);
    }
}
