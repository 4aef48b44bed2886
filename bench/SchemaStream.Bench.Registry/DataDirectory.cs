namespace SchemaStream.Bench.Registry;

/// <summary>A directory that goes with the run.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("schemastream-bench-registry-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
