using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Tests.Processes;

/// <summary>What may be let go of: pages that a file has as they are, and no others.</summary>
public sealed class StartPagesTests
{
    [Fact]
    public void OnlyUnwrittenMappingsOfFiles_AreDropped() =>
        StartPages.Droppable(
        [
            "1000-3000 r-xp 00000000 fe:00 11 /opt/lib code.so",
            "Rss:                   8 kB",
            "Anonymous:             0 kB",
            "4000-5000 r-xp 00000000 fe:00 12 /opt/patched.so",
            "Anonymous:             4 kB",
            "5000-6000 rw-p 00000000 fe:00 12 /opt/data.so",
            "Anonymous:             0 kB",
            "6000-7000 r-xp 00000000 00:00 0 [vdso]",
            "7000-8000 r-xs 00000000 00:01 13 /memfd:doublemapper (deleted)",
            "8000-9000 r-xp 00000000 00:01 13 /opt/replaced.so (deleted)",
            "9000-a000 rw-p 00000000 00:00 0",
            "a000-b000 r--p 00000000 fe:00 14 /opt/tables.dll",
            "Anonymous:             0 kB",
        ]).ShouldBe([(0x1000, 0x2000), (0xa000, 0x1000)]);

    /// <summary>Not every kernel and container tells: that must not turn a clean stop into a failure.</summary>
    [Fact]
    public void WhereMappingsAreNotTold_NothingIsDropped() => StartPages.Look("/proc/self/no-such-file").ShouldBeEmpty();

    [Fact]
    public void OfThisProcess_SomeAre()
    {
        if (OperatingSystem.IsLinux())
        {
            StartPages.Droppable(File.ReadLines("/proc/self/smaps")).ShouldNotBeEmpty();
        }
    }
}
