//! As much of a WebAssembly module as tells what its bytes are (WebAssembly core specification, §5.5 and appendix "Name section").

use std::collections::BTreeMap;

/// The functions of a module and the size of its data.
pub struct Module {
    /// Each function's name, and the bytes of its body.
    pub functions: Vec<(String, usize)>,
    /// Bytes of the data section.
    pub data: usize,
}

struct Reader<'m>(&'m [u8]);

impl<'m> Reader<'m> {
    fn take(&mut self, count: usize) -> Option<&'m [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// A number in LEB128.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Bytes after their number.
    fn sized(&mut self) -> Option<&'m [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    fn limits(&mut self) -> Option<()> {
        if self.byte()? & 1 == 1 {
            self.number()?;
        }
        self.number().map(drop)
    }
}

impl Module {
    /// Reads a module that has names; `None` when it has another shape.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut module = Reader(bytes.strip_prefix(b"\0asm\x01\0\0\0")?);
        let (mut imports, mut sizes, mut names, mut data) = (0, Vec::new(), BTreeMap::new(), 0);
        while !module.0.is_empty() {
            let (id, section) = (module.byte()?, module.sized()?);
            let mut reader = Reader(section);
            match id {
                0 if reader.sized()? == b"name" => names = function_names(reader)?,
                2 => imports = imported_functions(reader)?,
                10 => {
                    for _ in 0..reader.number()? {
                        sizes.push(reader.sized()?.len());
                    }
                }
                11 => data = section.len(),
                _ => {}
            }
        }
        let name = |at: usize| names.get(&(imports + at)).cloned().unwrap_or_default();
        let functions: Vec<_> = sizes.into_iter().enumerate().map(|(at, size)| (name(at), size)).collect();
        (!names.is_empty()).then_some(Self { functions, data })
    }
}

fn imported_functions(mut reader: Reader<'_>) -> Option<usize> {
    let mut count = 0;
    for _ in 0..reader.number()? {
        reader.sized()?;
        reader.sized()?;
        match reader.byte()? {
            0 => {
                reader.number()?;
                count += 1;
            }
            1 => {
                reader.byte()?;
                reader.limits()?;
            }
            2 => reader.limits()?,
            3 => drop(reader.take(2)?),
            _ => return None,
        }
    }
    Some(count)
}

fn function_names(mut reader: Reader<'_>) -> Option<BTreeMap<usize, String>> {
    let mut names = BTreeMap::new();
    while !reader.0.is_empty() {
        let (kind, content) = (reader.byte()?, reader.sized()?);
        let mut content = Reader(content);
        if kind == 1 {
            for _ in 0..content.number()? {
                let (function, name) = (content.number()?, content.sized()?);
                names.insert(function, String::from_utf8_lossy(name).into_owned());
            }
        }
    }
    Some(names)
}
