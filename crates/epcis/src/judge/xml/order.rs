//! The order of elements: which place of a content model an element takes.

use super::model::{Choice, Content, Model, Particle, Schema, Type};
use super::{Placed, Tag, XmlJudge};

impl XmlJudge {
    /// A child of an element with ordered content.
    pub(super) fn child(
        &mut self,
        schema: &'static Schema,
        model: &Model,
        tag: &Tag<'_>,
    ) -> Placed {
        let Content::Elements(particles) = &model.content else { return Placed::wrong() };
        let Some(frame) = self.frames.last() else { return Placed::wrong() };
        let (position, seen) = (frame.position, frame.seen);
        let accepts = |index: usize| {
            particles[index].choices.iter().find_map(|choice| accept(schema, model, choice, tag))
        };
        let free = |index: usize| {
            let particle = &particles[index];
            (particle.many || seen & (1 << (index % 64)) == 0)
                && (!particle.after_previous || index > 0 && frame.last == Some(index - 1))
        };
        let forward = (position..particles.len()).find_map(|index| {
            free(index).then(|| accepts(index)).flatten().map(|placed| (index, placed))
        });
        if let Some((index, placed)) = forward {
            let before = (position..index)
                .find(|rank| particles[*rank].required && seen & (1 << (rank % 64)) == 0);
            if let Some(rank) = before {
                self.told(position, index, particles);
                self.unexpected(tag, &describe(&particles[rank]));
            }
            self.met(index);
            return placed;
        }
        let Some((index, placed)) =
            (0..particles.len()).find_map(|index| accepts(index).map(|placed| (index, placed)))
        else {
            return self.unexpected(tag, &next(particles, position, seen));
        };
        let frame_told = self.frames.last().map_or(0, |frame| frame.told);
        if frame_told & (1 << (index % 64)) == 0 {
            self.unexpected(tag, &next(particles, position, seen));
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.seen |= 1 << (index % 64);
            frame.told &= !(1 << (index % 64));
        }
        placed
    }

    fn met(&mut self, index: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.position = index;
            frame.last = Some(index);
            frame.seen |= 1 << (index % 64);
        }
    }

    /// Marks required elements between two places as told.
    fn told(&mut self, from: usize, to: usize, particles: &[Particle]) {
        let Some(frame) = self.frames.last_mut() else { return };
        for (rank, particle) in particles.iter().enumerate().take(to).skip(from) {
            if particle.required && frame.seen & (1 << (rank % 64)) == 0 {
                frame.told |= 1 << (rank % 64);
            }
        }
    }
}

/// What an element is, if this choice takes it.
fn accept(schema: &Schema, model: &Model, choice: &Choice, tag: &Tag<'_>) -> Option<Placed> {
    let namespace = tag.namespace.as_deref();
    let declared = || {
        let kind = schema.root(namespace.unwrap_or_default(), tag.name);
        Placed::as_declared(kind.unwrap_or(Type::Any))
    };
    match choice {
        Choice::Named { namespace: wanted, name, kind, nillable } => {
            let taken = *name == tag.name && wanted.as_deref() == namespace;
            taken.then(|| Placed { nillable: *nillable, ..Placed::as_declared(*kind) })
        }
        Choice::Other => namespace.filter(|uri| *uri != model.target).map(|_| declared()),
        Choice::Local => namespace.is_none().then(|| Placed::as_declared(Type::Any)),
        Choice::Query => schema.is_query(namespace?, tag.name).then(declared),
    }
}

/// What could come next.
fn next(particles: &[Particle], position: usize, seen: u64) -> String {
    let mut names = Vec::new();
    for (index, particle) in particles.iter().enumerate().skip(position) {
        let met = seen & (1 << (index % 64)) != 0;
        if !met || particle.many {
            names.push(describe(particle));
        }
        if particle.required && !met {
            break;
        }
    }
    if names.is_empty() { "no further element".to_owned() } else { names.join(", ") }
}

pub(super) fn describe(particle: &Particle) -> String {
    let names = particle.choices.iter().map(|choice| match choice {
        Choice::Named { name, .. } => *name,
        Choice::Other => "an element of another namespace",
        Choice::Local => "an element without a namespace",
        Choice::Query => "a message of the query interface",
    });
    names.collect::<Vec<_>>().join(" or ")
}
