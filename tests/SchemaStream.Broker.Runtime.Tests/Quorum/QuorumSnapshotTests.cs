using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

public sealed class QuorumSnapshotTests
{
    private const string Folder = "data/__cluster_metadata-0";

    [Fact]
    public async Task Follower_FarBehind_IsGivenASnapshot()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, configure: SnapshotsOften);
        await quorum.CommitAsync("before");
        var behind = (await quorum.LeaderAsync()).Id == 3 ? quorum.Node(2) : quorum.Node(3);
        await quorum.StopAsync(behind);
        await CommitUntilTheLogIsCutAsync(quorum, quorum.Nodes.Where(node => node != behind));

        quorum.Start(behind);

        await quorum.CommitAsync("after");
        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        behind.Machine.Loads.ShouldBeGreaterThan(0);
        behind.Machine.Names[0].ShouldBe("before");
        behind.Machine.Names[^1].ShouldBe("after");
    }

    [Fact]
    public async Task Follower_WithAnEmptyDisk_IsGivenASnapshotInPieces()
    {
        await using var quorum = await TestQuorum.StartAsync(
            voters: 3, observers: 1, configure: options => SnapshotsOften(options) with { SnapshotChunkBytes = 100 });
        var behind = quorum.Node(4);
        await quorum.StopAsync(behind);
        await CommitUntilTheLogIsCutAsync(quorum, quorum.Nodes.Take(3));
        behind.LoseDisk();

        quorum.Start(behind);

        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        behind.Machine.Loads.ShouldBe(1);
    }

    [Fact]
    public async Task Restart_BeginsWithTheSnapshotAndGoesOnWithTheLog()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1, configure: SnapshotsOften);
        var node = quorum.Node(1);
        await CommitUntilTheLogIsCutAsync(quorum, [node]);
        await quorum.CommitAsync("last");
        var names = node.Machine.Names;
        await quorum.StopAsync(node);
        Snapshots(node).Count.ShouldBe(2, "older ones are deleted");

        quorum.Start(node);

        await quorum.LeaderAsync();
        node.Machine.Names.ShouldBe(names);
        node.Machine.Loads.ShouldBe(1);
        await quorum.CommitAsync("and on");
    }

    [Fact]
    public async Task Restart_WhenTheNewestSnapshotIsDamaged_TakesTheOneBefore()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1, configure: SnapshotsOften);
        var node = quorum.Node(1);
        await CommitUntilTheLogIsCutAsync(quorum, [node]);
        var names = node.Machine.Names;
        await quorum.StopAsync(node);
        Damage(node, Snapshots(node)[^1]);

        quorum.Start(node);

        await quorum.LeaderAsync();
        node.Machine.Names.ShouldBe(names);
    }

    [Fact]
    public async Task Restart_WhenNoSnapshotIsWhole_SaysSo()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 1, configure: SnapshotsOften);
        var node = quorum.Node(1);
        await CommitUntilTheLogIsCutAsync(quorum, [node]);
        await quorum.StopAsync(node);
        foreach (var snapshot in Snapshots(node))
        {
            Damage(node, snapshot);
        }

        DirectoryOf(node).Delete(LogFileNames.For(0, LogFileNames.LogSuffix));

        Should.Throw<LogStorageException>(() => quorum.Start(node)).Message.ShouldContain("no snapshot");

        node.Data!.Dispose();
    }

    [Fact]
    public async Task Download_OfSomethingElse_IsNotInstalledAndAskedForAgain()
    {
        await using var quorum = await TestQuorum.StartAsync(voters: 3, observers: 1, configure: SnapshotsOften);
        var behind = quorum.Node(4);
        await quorum.StopAsync(behind);
        await CommitUntilTheLogIsCutAsync(quorum, quorum.Nodes.Take(3));
        behind.LoseDisk();
        var spoilt = 0;
        quorum.Network.Tamper = (_, response) =>
        {
            if (response is FetchQuorumSnapshotResponse { Bytes.Length: > 0 } part && Interlocked.Increment(ref spoilt) == 1)
            {
                var bytes = part.Bytes.ToArray();
                bytes[^1] ^= 1;
                part.Bytes = bytes;
            }

            return response;
        };

        quorum.Start(behind);

        await quorum.CaughtUpAsync([.. quorum.Nodes]);
        spoilt.ShouldBeGreaterThan(1);
        behind.Machine.Loads.ShouldBe(1);
        behind.Driver!.Fault.IsCompleted.ShouldBeFalse();
    }

    private static QuorumOptions SnapshotsOften(QuorumOptions options) => options with { MaxBytesBetweenSnapshots = 1_000 };

    private static async Task CommitUntilTheLogIsCutAsync(TestQuorum quorum, IEnumerable<TestNode> nodes)
    {
        for (var i = 0; !nodes.All(node => node.Driver!.LogStartOffset > 2); i++)
        {
            // Far more than it takes: on a busy machine a node alone commits hundreds before the first snapshot is even begun.
            i.ShouldBeLessThan(100_000);
            await quorum.CommitAsync($"filler-{i}");
        }
    }

    private static IReadOnlyList<EpochEnd> Snapshots(TestNode node) => QuorumSnapshotFile.List(DirectoryOf(node));

    private static void Damage(TestNode node, EpochEnd snapshot)
    {
        using var file = DirectoryOf(node).Open(QuorumSnapshotFile.NameOf(snapshot));
        file.Write(file.Length - 1, [0xff]);
    }

    private static MemoryLogDirectory DirectoryOf(TestNode node) => node.Disk.Directory(Folder);
}
