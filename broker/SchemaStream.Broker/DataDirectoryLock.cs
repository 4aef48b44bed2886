namespace SchemaStream.Broker;

/// <summary>
/// Keeps a second broker off a data directory, by Kafka's <c>.lock</c> file. The operating system gives it up
/// with the process, however that ends.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = ".lock";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <exception cref="BrokerStartException">Another broker has the directory, or it cannot be written to.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BrokerStartException($"DataDirectory: expected a directory that can be written to, found '{directory}': {fault.Message}", fault);
        }

        try
        {
            return new DataDirectoryLock(
                new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new BrokerStartException($"DataDirectory: expected a directory that can be written to, found '{directory}': {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new BrokerStartException(
                $"DataDirectory: expected a directory that no other broker uses, found '{directory}' locked by a running one", fault);
        }
    }

    public void Dispose() => _file.Dispose();
}
