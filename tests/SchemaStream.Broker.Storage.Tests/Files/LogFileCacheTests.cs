using System.Globalization;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;

namespace SchemaStream.Broker.Storage.Tests.Files;

public sealed class LogFileCacheTests
{
    private readonly MemoryDisk _disk = new();
    private readonly MemoryLogDirectory _root;

    public LogFileCacheTests() => _root = _disk.Directory("data");

    [Fact]
    public void Acquire_OfMoreFilesThanTheCapacity_ClosesTheOthers()
    {
        var cache = new LogFileCache(3);
        var handles = Enumerable.Range(0, 20).Select(i => new LogFileHandle(cache, _root, $"file{i}")).ToList();

        foreach (var handle in handles.Concat(handles))
        {
            handle.Write(0, "abc"u8);
            cache.OpenCount.ShouldBeLessThanOrEqualTo(3);
        }

        foreach (var handle in handles)
        {
            handle.Read(0, new byte[3]).ShouldBe(3);
        }
    }

    [Theory]
    [InlineData(null, 8192)]
    [InlineData(ulong.MaxValue, 8192)]
    [InlineData(20_000UL, 8192)]
    [InlineData(8_000UL, 4_000)]
    [InlineData(1_024UL, 512)]
    [InlineData(3UL, 16)]
    public void Capacity_LeavesHalfOfTheProcesssFilesToOthers(ulong? limit, int expected) =>
        LogFileCache.CapacityWithin(limit).ShouldBe(expected);

    [Fact]
    public void OpenFileLimit_IsWhatTheSystemSaysOfThisProcess()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const string line = "Max open files";
        var said = File.ReadLines("/proc/self/limits").Single(each => each.StartsWith(line, StringComparison.Ordinal))[line.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        OpenFileLimit.Read().ShouldBe(said == "unlimited" ? ulong.MaxValue : ulong.Parse(said, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Acquire_OfAnOpenFile_DoesNotOpenItAgain()
    {
        var handle = new LogFileHandle(new LogFileCache(3), _root, "file");
        for (var i = 0; i < 10; i++)
        {
            handle.Write(i, "x"u8);
        }

        _disk.Operations[DiskOperation.Open].ShouldBe(1);
    }

    [Fact]
    public void Acquire_WhileEveryFileIsInUse_GoesBeyondTheCapacityRatherThanFail()
    {
        var cache = new LogFileCache(1);
        var first = new LogFileHandle(cache, _root, "a").Acquire();
        var second = new LogFileHandle(cache, _root, "b").Acquire();

        first.File.Write(0, "abc"u8);
        second.File.Write(0, "abc"u8);
        cache.OpenCount.ShouldBe(2);

        first.Release();
        second.Release();
        new LogFileHandle(cache, _root, "c").Write(0, "abc"u8);
        cache.OpenCount.ShouldBe(1);
    }

    [Fact]
    public void Release_AfterClose_IsWhatClosesTheFile()
    {
        var handle = new LogFileHandle(new LogFileCache(1), _root, "a");
        var open = handle.Acquire();
        handle.Close();

        open.File.Read(0, new byte[1]).ShouldBe(0);
        open.Release();

        Should.Throw<ObjectDisposedException>(() => open.File.Read(0, new byte[1]));
    }

    [Fact]
    public async Task Acquire_FromManyThreads_NeverUsesAClosedFile()
    {
        var cache = new LogFileCache(2);
        var handles = Enumerable.Range(0, 6).Select(i => new LogFileHandle(cache, _root, $"file{i}")).ToList();
        foreach (var handle in handles)
        {
            handle.Write(0, "abc"u8);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var bytes = new byte[3];
            for (var i = 0; i < 5_000; i++)
            {
                handles[random.Next(handles.Count)].Read(0, bytes).ShouldBe(3);
            }
        })));

        cache.OpenCount.ShouldBeLessThanOrEqualTo(2 + 4);
    }
}
