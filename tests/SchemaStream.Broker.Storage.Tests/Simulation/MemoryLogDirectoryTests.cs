using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Broker.Storage.Tests.Files;

namespace SchemaStream.Broker.Storage.Tests.Simulation;

public sealed class MemoryLogDirectoryTests : LogDirectoryContract
{
    private readonly MemoryDisk _disk = new() { NowMs = 1 };

    public MemoryLogDirectoryTests() => Root = _disk.Directory("data");

    internal override ILogDirectory Root { get; }

    [Fact]
    public void LosePower_BeforeASync_LosesTheName()
    {
        Root.ReplaceText("durable", "text", durable: true);
        Root.ReplaceText("lost", "text", durable: false);

        _disk.LosePower(new Random(1));

        Root.ListFiles().ShouldBe(["durable"]);
    }

    [Fact]
    public void LosePower_BeforeAFlush_KeepsWhatWasFlushedAndABeginningOfTheRest()
    {
        var lengths = new HashSet<long>();
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = new MemoryDisk();
            var root = disk.Directory("data");
            using (var file = root.Open("a"))
            {
                file.Write(0, "flushed"u8);
                file.Flush();
                root.Sync();
                file.Write(7, "not flushed"u8);
            }

            disk.LosePower(new Random(seed));

            root.ReadText("a").ShouldNotBeNull().ShouldStartWith("flushed");
            lengths.Add(root.LengthOf("a"));
        }

        lengths.ShouldContain(7);
        lengths.ShouldContain(18);
        lengths.Count.ShouldBeGreaterThan(3, "some writes are torn");
    }

    [Fact]
    public void Write_ToAFullDisk_WritesWhatFitsAndFails()
    {
        _disk.CapacityBytes = 5;
        using var file = Root.Open("a");

        Should.Throw<LogStorageException>(() => file.Write(0, "1234567"u8)).Message.ShouldContain("no space left");

        file.Length.ShouldBe(5);
    }

    [Fact]
    public void Fault_OnAWrite_LetsThroughOnlyItsBeginning()
    {
        using var file = Root.Open("a");
        _disk.ShortWriteBytes = 2;
        _disk.Fault = (operation, path) => operation == DiskOperation.Write && path == "/data/a" ? "broken" : null;

        Should.Throw<LogStorageException>(() => file.Write(0, "abc"u8));

        file.Length.ShouldBe(2);
    }
}
