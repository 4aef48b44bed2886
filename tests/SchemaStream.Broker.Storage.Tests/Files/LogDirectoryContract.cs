using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Tests.Files;

/// <summary>What every disk promises, the real one and the simulated one alike.</summary>
public abstract class LogDirectoryContract
{
    internal abstract ILogDirectory Root { get; }

    [Fact]
    public void Open_OfAMissingFile_CreatesItEmpty()
    {
        using var file = Root.Open("a");

        file.Length.ShouldBe(0);
        Root.Exists("a").ShouldBeTrue();
        Root.LengthOf("a").ShouldBe(0);
    }

    [Fact]
    public async Task Write_AtAPosition_IsReadThere()
    {
        using var file = Root.Open("a");
        file.Write(0, "hello world"u8);
        file.Write(6, "there"u8);

        file.Length.ShouldBe(11);
        var bytes = new byte[11];
        file.Read(0, bytes).ShouldBe(11);
        bytes.ShouldBe("hello there"u8.ToArray());
        (await file.ReadAsync(6, bytes.AsMemory(0, 5), CancellationToken.None)).ShouldBe(5);
        bytes[..5].ShouldBe("there"u8.ToArray());
    }

    [Fact]
    public void Read_BeyondTheEnd_GivesWhatIsThere()
    {
        using var file = Root.Open("a");
        file.Write(0, "abc"u8);

        file.Read(2, new byte[10]).ShouldBe(1);
        file.Read(3, new byte[10]).ShouldBe(0);
        file.Read(99, new byte[10]).ShouldBe(0);
    }

    [Fact]
    public void Write_BehindTheEnd_LeavesZerosBetween()
    {
        using var file = Root.Open("a");
        file.Write(3, "x"u8);

        var bytes = new byte[4];
        file.Read(0, bytes).ShouldBe(4);
        bytes.ShouldBe([0, 0, 0, (byte)'x']);
    }

    [Fact]
    public void Truncate_ShortensAndLengthensWithZeros()
    {
        using var file = Root.Open("a");
        file.Write(0, "abcdef"u8);

        file.Truncate(2);
        file.Truncate(4);

        var bytes = new byte[4];
        file.Read(0, bytes).ShouldBe(4);
        bytes.ShouldBe([(byte)'a', (byte)'b', 0, 0]);
    }

    [Fact]
    public void Delete_OfAFileInUse_LeavesItToItsReaders()
    {
        using var file = Root.Open("a");
        file.Write(0, "abc"u8);

        Root.Delete("a");
        Root.Delete("a");

        Root.Exists("a").ShouldBeFalse();
        file.Read(0, new byte[3]).ShouldBe(3);
    }

    [Fact]
    public void Rename_ReplacesAFileOfThatName()
    {
        Root.Replace("a", "new"u8, durable: false);
        Root.Replace("b", "old"u8, durable: false);

        Root.Rename("a", "b");

        Root.ListFiles().ShouldBe(["b"]);
        Root.ReadText("b").ShouldBe("new");
    }

    [Fact]
    public void Rename_OfADirectory_TakesItsFilesAlong()
    {
        Root.Directory("d").ReplaceText("a", "text", durable: true);

        Root.Rename("d", "e");

        Root.ListDirectories().ShouldBe(["e"]);
        Root.Directory("e").ReadText("a").ShouldBe("text");
    }

    [Fact]
    public void Rename_OfWhatIsMissing_IsALogStorageException() =>
        Should.Throw<LogStorageException>(() => Root.Rename("missing", "b")).Path.ShouldNotBeNull().ShouldEndWith("missing");

    [Fact]
    public void Replace_OverALongerFile_LeavesNothingOfIt()
    {
        Root.ReplaceText("a", "a long text", durable: true);
        Root.ReplaceText("a", "short", durable: true);

        Root.ReadText("a").ShouldBe("short");
        Root.ListFiles().ShouldBe(["a"]);
    }

    [Fact]
    public void DeleteDirectory_TakesEverythingInIt()
    {
        Root.Directory("d").ReplaceText("a", "text", durable: false);

        Root.DeleteDirectory("d");
        Root.DeleteDirectory("d");

        Root.ListDirectories().ShouldBeEmpty();
        Root.Directory("d").ListFiles().ShouldBeEmpty();
    }

    [Fact]
    public void Lock_ThatIsHeld_IsNotGivenTwice()
    {
        using (Root.Lock(".lock"))
        {
            Should.Throw<LogStorageException>(() => Root.Lock(".lock"));
        }

        Root.Lock(".lock").Dispose();
    }

    [Fact]
    public void FlushAndSync_OfAFreshFile_Succeed()
    {
        using var file = Root.Open("a");
        file.Write(0, "abc"u8);
        file.Flush();
        Root.Sync();

        Root.LastWriteMs("a").ShouldBeGreaterThan(0);
        Root.LastWriteMs("missing").ShouldBe(0);
    }
}
