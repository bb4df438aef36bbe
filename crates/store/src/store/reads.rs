//! Declares the reads of the store, once for all the ways to read.

/// Declares reads that exist on [`Store`] (outside of a transaction) and on [`ReadTx`] (as of one
/// commit; in a [`WriteTx`], seeing what it wrote), from functions of the same name over a
/// connection.
///
/// `statement` for a read of one statement, `snapshot` for one of several.
macro_rules! reads {
    ($($(#[$doc:meta])* $mode:ident fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $result:ty;)+) => {
        impl crate::store::Store {$(
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// [`StoreError`](crate::StoreError) when the database does not answer.
            pub async fn $name(&self, $($arg: $type),*) -> Result<$result, crate::StoreError> {
                let mut reader = self.$mode().await?;
                $name(&mut reader.connection(), $($arg),*).await
            }
        )+}

        impl crate::store::ReadTx {$(
            $(#[$doc])*
            /// Within this transaction.
            ///
            /// # Errors
            ///
            /// [`StoreError`](crate::StoreError) when the database does not answer.
            pub async fn $name(&mut self, $($arg: $type),*) -> Result<$result, crate::StoreError> {
                $name(&mut self.connection(), $($arg),*).await
            }
        )+}
    };
}

pub(crate) use reads;
