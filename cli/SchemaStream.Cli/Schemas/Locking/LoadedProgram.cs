using System.Reflection;
using System.Runtime.Loader;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>A program's assemblies, beside this program's own: what both have is this program's, so that their topics are our topics.</summary>
/// <remarks>Not collectible: nothing holds such a context but its users, and a collection while its types are read would unload it.</remarks>
internal sealed class LoadedProgram : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;

    private LoadedProgram(string path)
        : base("program", isCollectible: false) => _resolver = new AssemblyDependencyResolver(path);

    /// <summary>Loads a program.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static Assembly Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} is not there: build the program first");
        }

        return new LoadedProgram(path).LoadFromAssemblyPath(path);
    }

    /// <summary>An assembly of this program's as one of the other's: it works with the libraries that the other has.</summary>
    public static Assembly OwnWithin(Assembly program, Assembly ours)
    {
        var within = GetLoadContext(program)!;
        var found = within.LoadFromAssemblyName(ours.GetName());

        // What the other does not have is found here, where it would work with our libraries: it is loaded once more, there.
        return GetLoadContext(found) == within || ours.Location.Length == 0 ? found : within.LoadFromAssemblyPath(ours.Location);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // Null means: as this program has it.
        var isOurs = assemblyName.Name is "SchemaStream.Abstractions" or "SchemaStream.Avro" or "SchemaStream.Json";
        return !isOurs && _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
