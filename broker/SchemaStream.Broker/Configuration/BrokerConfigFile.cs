using System.Text;

namespace SchemaStream.Broker.Configuration;

/// <summary>
/// A node's settings as a file in the syntax of Java properties, as Kafka's <c>server.properties</c> is. What is changed in
/// it leaves the other lines, comments included, as they stand.
/// </summary>
public sealed class BrokerConfigFile
{
    /// <summary>A configuration has kilobytes; what is longer is another file.</summary>
    private const int LongestFile = 1 << 20;

    private readonly List<string> _lines = [];
    private readonly List<Entry> _entries = [];

    private BrokerConfigFile(string path) => Path = path;

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>As it is written.</summary>
    public string Text => string.Join('\n', _lines) + "\n";

    /// <summary>By key; the last one of a key that stands there several times counts, as in Kafka.</summary>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in _entries)
            {
                settings[entry.Key] = entry.Value;
            }

            return settings;
        }
    }

    /// <summary>A file that is not there yet; <see cref="Save"/> makes it.</summary>
    public static BrokerConfigFile New(string path) => new(System.IO.Path.GetFullPath(path));

    /// <exception cref="BrokerStartException">It cannot be read, or a line of it cannot; the message names file and line.</exception>
    public static BrokerConfigFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = New(path);
        try
        {
            if (new FileInfo(file.Path) is { Exists: true, Length: > LongestFile } found)
            {
                throw new BrokerStartException(
                    $"{file.Path}: expected a properties file of at most {LongestFile} bytes, found one of {found.Length}");
            }

            file.Parse(File.ReadAllText(file.Path, Encoding.UTF8));
            return file;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new BrokerStartException($"The configuration file cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <exception cref="BrokerStartException">A line cannot be read.</exception>
    public static BrokerConfigFile Parse(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var file = New(path);
        file.Parse(text);
        return file;
    }

    /// <summary>Where a setting stands, as <c>FILE:LINE</c>; the file alone for one that it does not have.</summary>
    public string Where(string key) => _entries.FindLast(entry => entry.Key == key) is { } entry ? $"{Path}:{entry.FirstLine + 1}" : Path;

    /// <summary>The setting has this value from now on: where it stands already, else at the end.</summary>
    public void Set(string key, string value)
    {
        if (Settings.TryGetValue(key, out var present) && present == value)
        {
            return;
        }

        var line = PropertiesLine.Format(key, value);
        var text = new List<string>();
        var isWritten = false;
        for (var i = 0; i < _lines.Count; i++)
        {
            if (_entries.Find(entry => entry.FirstLine == i) is not { } entry || entry.Key != key)
            {
                text.Add(_lines[i]);
                continue;
            }

            if (!isWritten)
            {
                text.Add(line);
                isWritten = true;
            }

            i = entry.LastLine;
        }

        if (!isWritten)
        {
            text.Add(line);
        }

        Parse(string.Join('\n', text));
    }

    /// <summary>A line that says something to people only.</summary>
    public void AddComment(string text) => _lines.Add($"# {text}");

    /// <summary>Writes it whole or not at all, and makes its directory.</summary>
    public void Save()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var temporary = Path + ".tmp";
        File.WriteAllText(temporary, Text);
        File.Move(temporary, Path, overwrite: true);
    }

    private void Parse(string text)
    {
        _lines.Clear();
        _entries.Clear();
        _lines.AddRange(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
        if (_lines is [""])
        {
            _lines.Clear();
        }

        for (var i = 0; i < _lines.Count; i++)
        {
            if (!PropertiesLine.IsBlankOrComment(_lines[i]))
            {
                var first = i;
                _entries.Add(Read(first, Join(ref i), i));
            }
        }
    }

    /// <summary>The line with those that it goes on in; <paramref name="line"/> is the last of them then.</summary>
    private string Join(ref int line)
    {
        var joined = new StringBuilder();
        while (true)
        {
            var part = PropertiesLine.TrimStart(_lines[line]);
            if (!PropertiesLine.GoesOn(part))
            {
                return joined.Append(part).ToString();
            }

            joined.Append(part[..^1]);
            if (line + 1 == _lines.Count)
            {
                return joined.ToString();
            }

            line++;
        }
    }

    private Entry Read(int firstLine, string joined, int lastLine)
    {
        try
        {
            var (key, value) = PropertiesLine.Split(joined);
            return key.Length > 0
                ? new Entry(key, value.Trim(), firstLine, lastLine)
                : throw new FormatException($"expected KEY=VALUE, found '{joined}'");
        }
        catch (FormatException wrong)
        {
            throw new BrokerStartException($"{Path}:{firstLine + 1}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Lines are counted from 0 here, and from 1 in messages.</summary>
    private sealed record Entry(string Key, string Value, int FirstLine, int LastLine);
}
