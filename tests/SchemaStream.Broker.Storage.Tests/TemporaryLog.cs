using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Tests;

/// <summary>A log on the real disk, gone with the test.</summary>
internal sealed class TemporaryLog : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("schemastream-");

    public TemporaryLog(LogConfig config)
    {
        Path = System.IO.Path.Combine(_temporary.FullName, "orders-0");
        Log = PartitionLog.Open(
            new FileLogDirectory(Path), config, new LogFileCache(100), new LogOpenOptions(), LogWorld.Now);
    }

    public string Path { get; }

    public PartitionLog Log { get; }

    public void Dispose()
    {
        Log.Dispose();
        _temporary.Delete(recursive: true);
    }
}
