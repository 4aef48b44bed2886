using System.Text;

namespace SchemaStream.Broker.Storage.Files;

/// <summary>Small files that are read and replaced as a whole: checkpoints, markers, metadata.</summary>
public static class LogDirectoryText
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>The largest of these files lists the partitions of a whole disk.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The bytes of a file, or null when it does not exist.</summary>
    public static byte[]? ReadAllBytes(this ILogDirectory directory, string name)
    {
        if (!directory.Exists(name))
        {
            return null;
        }

        using var file = directory.Open(name);
        if (file.Length > MaxBytes)
        {
            throw new LogStorageException("read", file.Path, $"it has {file.Length} bytes, at most {MaxBytes} are expected");
        }

        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    public static string? ReadText(this ILogDirectory directory, string name) =>
        directory.ReadAllBytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Replaces a file so that a reader finds the old content or the new, never a part.</summary>
    /// <param name="durable">Whether the content is synced before it takes its name.</param>
    public static void Replace(this ILogDirectory directory, string name, ReadOnlySpan<byte> content, bool durable)
    {
        var temporary = name + TemporarySuffix;
        directory.Delete(temporary);
        using (var file = directory.Open(temporary))
        {
            file.Write(0, content);
            if (durable)
            {
                file.Flush();
            }
        }

        directory.Rename(temporary, name);
        if (durable)
        {
            directory.Sync();
        }
    }

    public static void ReplaceText(this ILogDirectory directory, string name, string content, bool durable) =>
        directory.Replace(name, Encoding.UTF8.GetBytes(content), durable);
}
