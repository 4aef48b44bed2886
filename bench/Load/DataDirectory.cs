namespace SchemaStream.Bench.Load;

/// <summary>Gone with all that is in it once it is disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("schemastream-load-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
