using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>Where members stand in the code, as far as the symbols beside an assembly, or within it, say so.</summary>
internal sealed class SourcePlaces : IDisposable
{
    private readonly PEReader _assembly;
    private readonly MetadataReaderProvider? _provider;
    private readonly MetadataReader? _symbols;

    private SourcePlaces(string path)
    {
        _assembly = new PEReader(File.OpenRead(path));
        if (_assembly.TryOpenAssociatedPortablePdb(path, file => File.Exists(file) ? File.OpenRead(file) : null, out _provider, out _))
        {
            _symbols = _provider!.GetMetadataReader();
        }
    }

    /// <summary>Opens an assembly and its symbols, if it has any.</summary>
    /// <param name="path">The assembly.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SourcePlaces Open(string path) => new(path);

    /// <summary>A place as compilers write it, <c>Order.cs(7,5)</c>; null where nothing tells.</summary>
    /// <param name="type">The type.</param>
    /// <param name="member">A member of it, or of another type of the assembly; null for the type itself.</param>
    public string? Of(Type type, MemberInfo? member)
    {
        var places = (member ?? type) switch
        {
            PropertyInfo property => Of(property.GetMethod ?? property.SetMethod),
            MethodBase method => Of(method),
            Type whole => whole.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly).OfType<MethodBase>().SelectMany(Of),
            _ => [],
        };
        var first = places.OrderBy(place => place.Line).ThenBy(place => place.Column).FirstOrDefault();
        return first.File is not null ? string.Create(CultureInfo.InvariantCulture, $"{first.File}({first.Line},{first.Column})")
            : member is null ? null
            : Of(type, null);
    }

    public void Dispose()
    {
        _provider?.Dispose();
        _assembly.Dispose();
    }

    private IEnumerable<(string File, int Line, int Column)> Of(MethodBase? method)
    {
        // A method of another assembly has a number that means another one here.
        if (_symbols is null || method is null || method.Module.ModuleVersionId != _assembly.GetMetadataReader().GetGuid(_assembly.GetMetadataReader().GetModuleDefinition().Mvid))
        {
            yield break;
        }

        var information = _symbols.GetMethodDebugInformation(MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF));
        foreach (var point in information.GetSequencePoints())
        {
            if (!point.IsHidden && !point.Document.IsNil)
            {
                yield return (_symbols.GetString(_symbols.GetDocument(point.Document).Name), point.StartLine, point.StartColumn);
            }
        }
    }
}
