using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Profiles;

/// <summary>Profiles on disk: each a file of settings by Kafka's names, which only its owner may read.</summary>
/// <param name="directory">Where they are.</param>
internal sealed class ProfileStore(string directory)
{
    public const string DirectoryVariable = "SCHEMASTREAM_CONFIG_HOME";
    private const string Extension = ".properties";
    private const int LongestName = 64;

    private string CurrentFile => Path.Combine(directory, "current");

    /// <summary>That of the user: where the environment says, or where the system keeps programs' settings.</summary>
    public static ProfileStore Of(Func<string, string?> environment)
    {
        var told = environment(DirectoryVariable);
        return new ProfileStore(Path.Combine(
            told is { Length: > 0 } ? told : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "schemastream"), "profiles"));
    }

    public IReadOnlyList<string> List() => !Directory.Exists(directory)
        ? []
        : [.. Directory.EnumerateFiles(directory, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public bool Has(string name) => File.Exists(FileOf(name));

    public string FileOf(string name)
    {
        RequireName(name);
        return Path.Combine(directory, name + Extension);
    }

    /// <summary>The profile that `profile use` named; null when none is.</summary>
    public string? Current() => File.Exists(CurrentFile) && File.ReadAllText(CurrentFile).Trim() is { Length: > 0 } name ? name : null;

    /// <exception cref="CliException">There is none of that name, or it cannot be read.</exception>
    public IReadOnlyDictionary<string, string> Load(string name)
    {
        if (!Has(name))
        {
            throw Unknown(name);
        }

        try
        {
            return BrokerConfigFile.Load(FileOf(name)).Settings;
        }
        catch (BrokerStartException unreadable)
        {
            throw ErrorCatalog.FileUnusable.Exception($"Profile '{name}' cannot be read.", unreadable.Message, inner: unreadable);
        }
    }

    /// <summary>Writes a profile whole, or not at all.</summary>
    public void Save(string name, IReadOnlyDictionary<string, string> settings)
    {
        var path = FileOf(name);
        var file = BrokerConfigFile.New(path);
        foreach (var (key, value) in settings.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            file.Set(key, value);
        }

        WriteOwn(path, file.Text);
    }

    /// <exception cref="CliException">There is none of that name.</exception>
    public void Use(string? name)
    {
        if (name is null)
        {
            File.Delete(CurrentFile);
            return;
        }

        WriteOwn(CurrentFile, (Has(name) ? name : throw Unknown(name)) + "\n");
    }

    /// <exception cref="CliException">There is none of that name.</exception>
    public void Delete(string name)
    {
        if (!Has(name))
        {
            throw Unknown(name);
        }

        // Not in use first: a command in between must not look for what is gone.
        if (Current() == name)
        {
            Use(null);
        }

        File.Delete(FileOf(name));
    }

    public CliException Unknown(string name) =>
        ErrorCatalog.ProfileUnknown.Exception($"There is no profile '{name}'.", nextStep: NearMisses.Ask(name, List()));

    private static void RequireName(string name)
    {
        if (name.Length is 0 or > LongestName || name[0] == '.'
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-'))
        {
            throw ErrorCatalog.Usage.Exception(
                $"'{name}' is no name of a profile.", nextStep: $"Use up to {LongestName} letters, digits, '.', '_' and '-', not beginning with '.'.");
        }
    }

    /// <summary>There may be passwords within, so nobody else may read it from its first byte on.</summary>
    private void WriteOwn(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var temporary = Path.Combine(directory, Path.GetRandomFileName());
        try
        {
            using (var writer = new StreamWriter(temporary, options))
            {
                writer.Write(text);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
