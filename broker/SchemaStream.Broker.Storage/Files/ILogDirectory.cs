namespace SchemaStream.Broker.Storage.Files;

/// <summary>
/// A directory of a disk, real or simulated. Names are single path elements. Every failure is a
/// <see cref="LogStorageException"/>.
/// </summary>
public interface ILogDirectory
{
    string Path { get; }

    /// <summary>Last element of <see cref="Path"/>: for a partition's directory, <c>topic-partition</c>.</summary>
    string Name { get; }

    IReadOnlyList<string> ListFiles();

    IReadOnlyList<string> ListDirectories();

    bool Exists(string name);

    /// <summary>Length of a file that may be closed; 0 when it does not exist.</summary>
    long LengthOf(string name);

    /// <summary>Milliseconds since 1970 of the last write; 0 when it does not exist.</summary>
    long LastWriteMs(string name);

    /// <summary>Opens for reading and writing; creates the file when it is missing.</summary>
    ILogFile Open(string name);

    /// <summary>A directory in this one; creates it when it is missing.</summary>
    ILogDirectory Directory(string name);

    /// <summary>Deletes a file; quietly, when it is gone already. Who has it open goes on reading it.</summary>
    void Delete(string name);

    /// <summary>Deletes a directory with all it holds.</summary>
    void DeleteDirectory(string name);

    /// <summary>Renames a file or directory in one step, replacing a file of the new name.</summary>
    void Rename(string name, string newName);

    /// <summary>Makes creations, deletions and renames in this directory survive a loss of power.</summary>
    void Sync();

    /// <summary>Takes a lock that only one process can have, until it is disposed or the process is gone.</summary>
    IDisposable Lock(string name);
}
