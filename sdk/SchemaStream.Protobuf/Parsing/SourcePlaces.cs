using System.Runtime.CompilerServices;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>Where each declaration of a parsed file stands, so that the linker's refusals can say it.</summary>
internal sealed class SourcePlaces
{
    private readonly Dictionary<Key, Place> _places = [];

    public void Set(object element, PlacePart part, Place place, int index = 0) => _places[new Key(element, part, index)] = place;

    /// <summary>The place of a part, else of the declaration's name; no place for what was not parsed.</summary>
    public Place Of(object element, PlacePart part, int index = 0) =>
        _places.TryGetValue(new Key(element, part, index), out var place) ? place
        : _places.GetValueOrDefault(new Key(element, PlacePart.Name, 0));

    /// <summary>Equal only to itself: two fields that read alike are two fields.</summary>
    private readonly struct Key(object element, PlacePart part, int index) : IEquatable<Key>
    {
        private readonly object _element = element;
        private readonly PlacePart _part = part;
        private readonly int _index = index;

        public bool Equals(Key other) =>
            ReferenceEquals(_element, other._element) && _part == other._part && _index == other._index;

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_element), _part, _index);
    }
}
