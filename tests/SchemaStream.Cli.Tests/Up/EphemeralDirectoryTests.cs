using SchemaStream.Cli.Up;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up;

public sealed class EphemeralDirectoryTests : IDisposable
{
    private readonly TempDirectory _place = new();
    private readonly StringWriter _warnings = new();

    public void Dispose()
    {
        _place.Dispose();
        _warnings.Dispose();
    }

    [Fact]
    public void Deleted_NothingOfItIsLeft()
    {
        using var made = EphemeralDirectory.Create(_place.Path, _warnings);
        Directory.CreateDirectory(Path.Combine(made.Directory.FullName, "broker", "data"));
        File.WriteAllText(Path.Combine(made.Directory.FullName, "broker", "data", "log"), "x");

        made.Delete(_warnings);

        Directory.GetFileSystemEntries(_place.Path).ShouldBeEmpty();
        _warnings.ToString().ShouldBe("");
    }

    [Fact]
    public void WhatIsInUse_IsNoLeftOver_AndWhatIsNot_Is()
    {
        using var running = EphemeralDirectory.Create(_place.Path, _warnings);
        var killed = EphemeralDirectory.Create(_place.Path, _warnings);
        killed.Dispose(); // the lock is gone, the directory is not
        var other = Directory.CreateDirectory(Path.Combine(_place.Path, EphemeralDirectory.Prefix + "of-someone")).FullName;

        using var next = EphemeralDirectory.Create(_place.Path, _warnings);

        Directory.GetDirectories(_place.Path).ShouldBe([running.Directory.FullName, other, next.Directory.FullName], ignoreOrder: true);
        _warnings.ToString().ShouldBe($"schemastream up: deleted {killed.Directory.FullName}, which a process that was killed left behind{Environment.NewLine}");
    }

    [Fact]
    public void ALink_IsNotFollowed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var elsewhere = new TempDirectory();
        File.WriteAllText(Path.Combine(elsewhere.Path, "owner.lock"), "");
        Directory.CreateSymbolicLink(Path.Combine(_place.Path, EphemeralDirectory.Prefix + "link"), elsewhere.Path);

        using var made = EphemeralDirectory.Create(_place.Path, _warnings);

        File.Exists(Path.Combine(elsewhere.Path, "owner.lock")).ShouldBeTrue();
    }
}
