using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Tests.Files;

public sealed class FileLogDirectoryTests : LogDirectoryContract, IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("schemastream-");

    internal override ILogDirectory Root => new FileLogDirectory(_temporary.FullName);

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public void Open_WhereADirectoryIs_IsALogStorageExceptionThatNamesThePath()
    {
        Root.Directory("d");

        var thrown = Should.Throw<LogStorageException>(() => Root.Open("d"));

        var path = Path.Combine(_temporary.FullName, "d");
        thrown.Path.ShouldBe(path);
        thrown.Message.ShouldContain(path);
    }
}
